//! Connections that are cut, held back and delayed at every point, servers that die in between, and signals.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use credjob::{Ending, Exit};
use credjob_sql::{AccountName, Fingerprint};

use crate::life::Life;
use crate::proxy::{Fault, Point, Proxy, Way};
use crate::support::server::Server;
use crate::support::{app, sql};
use crate::{as_role, created, creation, name};

/// So many schedules run at a time.
const AT_ONCE: usize = 24;

/// A job that creates a role through a proxy.
fn through(server: &Server, proxy: &Proxy) -> Life {
    Life::with_credentials(&app::credentials_at(server, "127.0.0.1", proxy.port))
}

/// Creates a role and names it as a job would have that came through this port: the proxy's port stands for the server's.
async fn made_through(server: &Server, task: u32, port: u16) -> String {
    let (id, _) = created(&creation(server).task(task)).await;
    let made: AccountName = id.parse().expect("a name of ours");
    let name = format!("{}-{}", made.marker(), Fingerprint::of(&format!("127.0.0.1:{port}")));
    sql::admin(server, &format!("ALTER ROLE \"{id}\" RENAME TO \"{name}\"")).await;
    name
}

/// Lives a job in this thread.
fn live(life: &Life) -> Ending {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(life.live())
}

/// Runs something in a thread of its own, while the caller's runtime goes on.
async fn in_thread<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(run).await.expect("no panic")
}

/// Every point of the first connection, with every fault that loses something.
fn schedules(clean: &Proxy) -> Vec<(Point, Fault)> {
    let mut all = Vec::new();
    for way in [Way::ToServer, Way::ToClient] {
        for chunk in 0..clean.chunks(way) {
            all.extend([Fault::Cut, Fault::CutAfter].map(|fault| (Point::Chunk(way, chunk), fault)));
        }
    }
    let slow = Fault::Delay(Duration::from_millis(400));
    all.extend((0..clean.chunks(Way::ToServer)).map(|chunk| (Point::Chunk(Way::ToServer, chunk), slow)));
    // What hangs takes its time: all at once.
    all.extend((0..clean.chunks(Way::ToClient)).map(|chunk| (Point::Chunk(Way::ToClient, chunk), Fault::Hang)));
    all
}

/// Runs `one` for every schedule, some at a time, and returns what each came to.
async fn explore<T: Send + Debug + 'static>(
    schedules: Vec<(Point, Fault)>,
    one: impl Fn(u32, (Point, Fault)) -> T + Clone + Send + 'static,
) -> Vec<((Point, Fault), T)> {
    let numbered: Vec<(u32, (Point, Fault))> = (100..).zip(schedules).collect();
    let mut results = Vec::new();
    for batch in numbered.chunks(AT_ONCE) {
        let running: Vec<_> = batch
            .iter()
            .map(|(number, schedule)| {
                let (one, number, schedule) = (one.clone(), *number, *schedule);
                (schedule, tokio::task::spawn_blocking(move || one(number, schedule)))
            })
            .collect();
        for (schedule, running) in running {
            results.push((schedule, running.await.expect("no panic")));
        }
    }
    results
}

/// A hanging server must not hold the test for long.
fn hurried(life: Life, fault: Fault, deadline: &str) -> Life {
    if fault == Fault::Hang { life.with("CREDJOB_DEADLINE", deadline) } else { life }
}

async fn roles_of(server: &Server, task: u32) -> Vec<String> {
    app::roles(server).await.into_iter().filter(|role| role.contains(&format!("-{task:012x}-"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_connection_breaks_a_role_is_published_or_not_there() {
    let server = app::server().await;
    let clean = Proxy::start(server.port, None);
    created(&through(&server, &clean)).await;
    let credentials = app::credentials_at(&server, "127.0.0.1", 0).to_string();
    let to = server.port;
    let results = explore(schedules(&clean), move |task, (point, fault)| {
        let proxy = Proxy::start(to, Some((point, fault)));
        let credentials = credentials.replace(":0/app", &format!(":{}/app", proxy.port));
        let life = Life::with_credentials(&serde_json::from_str(&credentials).expect("JSON")).task(task);
        let life = hurried(life, fault, "16s");
        let ending = live(&life);
        (task, ending.exit, life.reported())
    })
    .await;
    assert!(results.len() > 20, "{}", results.len());
    for (schedule, (task, exit, report)) in results {
        let left = roles_of(&server, task).await;
        if report["status"] == "credentials_created" {
            assert_eq!(left, [report["credentials"]["payload"]["username"].as_str().expect("a name")], "{schedule:?}");
            assert!(
                as_role(&server, &report["credentials"]["payload"], "TABLE app.orders").await.is_ok(),
                "{schedule:?}"
            );
        } else {
            assert_eq!(schedule.1, Fault::Hang, "a cut connection does not fail a task: {schedule:?} {report}");
            assert_eq!(left, [""; 0], "{schedule:?}: {exit:?} {report}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_around_a_collision_does_not_fail_the_task() {
    let server = app::server().await;
    let collides_once = "CREATE SEQUENCE public.turns; GRANT USAGE ON SEQUENCE public.turns TO PUBLIC;
         CREATE FUNCTION public.collide() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
             IF pg_catalog.nextval('public.turns') = 1 THEN RAISE SQLSTATE '40001'; END IF; END $$;
         CREATE EVENT TRIGGER collide ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION public.collide()";
    sql::admin(&server, collides_once).await;
    let clean = Proxy::start(server.port, None);
    created(&through(&server, &clean)).await;
    for (task, chunk) in (40..).zip(0..clean.chunks(Way::ToServer)) {
        sql::admin(&server, "ALTER SEQUENCE public.turns RESTART").await;
        let proxy = Proxy::start(server.port, Some((Point::Chunk(Way::ToServer, chunk), Fault::Cut)));
        created(&through(&server, &proxy).task(task)).await;
        assert_eq!(roles_of(&server, task).await.len(), 1, "{chunk}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_connection_breaks_a_role_is_deleted_or_not_said_to_be() {
    let server = app::server().await;
    let clean = Proxy::start(server.port, None);
    let id = made_through(&server, 1, clean.port).await;
    let (life, _) = live_elsewhere(through(&server, &clean).task(2).deleting(&id)).await;
    assert_eq!(life.reported()["status"], "credentials_deleted", "{}", life.reported());
    let schedules = schedules(&clean);
    assert!(schedules.len() > 20, "{}", schedules.len());
    let (mut ids, mut proxies) = (Vec::new(), Vec::new());
    for (task, schedule) in (1000..).zip(&schedules) {
        let proxy = Proxy::start(server.port, Some(*schedule));
        ids.push(made_through(&server, task, proxy.port).await);
        proxies.push(proxy);
    }
    let credentials = app::credentials_at(&server, "127.0.0.1", 0).to_string();
    let doomed: Arc<Vec<(String, Proxy)>> = Arc::new(ids.iter().cloned().zip(proxies).collect());
    let results = explore(schedules, move |task, (_, fault)| {
        let (id, proxy) = &doomed[task as usize - 100];
        let credentials = credentials.replace(":0/app", &format!(":{}/app", proxy.port));
        let life = Life::with_credentials(&serde_json::from_str(&credentials).expect("JSON")).task(task);
        let life = hurried(life.deleting(id), fault, "6s");
        live(&life);
        life.reported()
    })
    .await;
    let left = app::roles(&server).await;
    for ((schedule, report), id) in results.into_iter().zip(ids) {
        if report["status"] == "credentials_deleted" {
            assert!(!left.contains(&id), "{schedule:?}");
        } else {
            assert_eq!(schedule.1, Fault::Hang, "a cut connection does not fail a task: {schedule:?} {report}");
        }
    }
}

async fn live_elsewhere(life: Life) -> (Life, Ending) {
    in_thread(move || {
        let ending = live(&life);
        (life, ending)
    })
    .await
}

/// Waits until the proxy has met its fault, and lets the server die and come back. The proxy goes on.
async fn dies_meanwhile(server: &mut Server, proxy: Proxy) -> Proxy {
    let proxy = in_thread(move || {
        proxy.wait();
        proxy
    })
    .await;
    server.kill();
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.restart();
    proxy
}

/// The answer to the transaction, which is the second large request.
const ANSWER: Point = Point::Answer(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_the_commit_is_settled_by_asking_and_the_role_is_published() {
    let server = app::server().await;
    let proxy = Proxy::start(server.port, Some((ANSWER, Fault::Cut)));
    let (_, payload) = created(&through(&server, &proxy)).await;
    assert_eq!(app::roles(&server).await, [name(&payload)]);
    // The lost one, the question, the trial.
    assert_eq!(proxy.connections(), 3);
    assert!(as_role(&server, &payload, "TABLE app.orders").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_of_create_is_waited_for_and_asked() {
    let mut server = app::server().await;
    for (task, point) in
        [(20, ANSWER), (21, Point::Request(2)), (22, Point::Answer(1)), (23, Point::Chunk(Way::ToClient, 2))]
    {
        let proxy = Proxy::start(server.port, Some((point, Fault::Hang)));
        let life = through(&server, &proxy).task(task);
        let job = tokio::task::spawn(live_elsewhere(life));
        let proxy = dies_meanwhile(&mut server, proxy).await;
        let (life, ending) = job.await.expect("no panic");
        let (_, payload) = life.published();
        assert_eq!(ending.exit, Exit::Done, "{point:?}");
        assert_eq!(roles_of(&server, task).await, [name(&payload)], "{point:?}");
        assert!(proxy.connections() > 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_of_delete_is_waited_for_and_the_role_goes() {
    let mut server = app::server().await;
    for (task, chunk) in [(30, 4), (31, 6), (32, 8)] {
        let point = Point::Chunk(Way::ToServer, chunk);
        let proxy = Proxy::start(server.port, Some((point, Fault::Hang)));
        let id = made_through(&server, task, proxy.port).await;
        let life = through(&server, &proxy).task(task + 10).deleting(&id);
        let job = tokio::task::spawn(live_elsewhere(life));
        let _proxy = dies_meanwhile(&mut server, proxy).await;
        let (life, _) = job.await.expect("no panic");
        assert_eq!(life.reported()["status"], "credentials_deleted", "{chunk}: {}", life.reported());
        assert_eq!(app::roles(&server).await, [""; 0], "{chunk}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_in_the_middle_of_the_transaction_leaves_nothing() {
    let server = app::server().await;
    // The transaction waits for a lock that somebody holds: the server works on when its client is long gone.
    let holder = sql::connect(&server, "app", "postgres", "").await.expect("a session");
    holder.batch_execute("BEGIN; LOCK TABLE pg_class IN SHARE ROW EXCLUSIVE MODE").await.expect("a lock");
    let life = creation(&server);
    let stopper = life.stopper();
    let job = tokio::task::spawn(live_elsewhere(life));
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'credjob_login' AND wait_event_type = 'Lock'";
    let since = Instant::now();
    while sql::admin(&server, waiting).await != ["1"] {
        assert!(since.elapsed() < Duration::from_secs(10), "the transaction waits");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stopper.stop();
    let (life, _) = job.await.expect("no panic");
    assert_eq!(life.failure().0, "CREDJOB_TERMINATED");
    holder.batch_execute("ROLLBACK").await.expect("the lock is free");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(app::roles(&server).await, [""; 0], "the transaction was ended, not left to commit later");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_after_the_commit_leaves_a_marker_in_the_log_and_a_rerun_cleans() {
    let server = app::server().await;
    let proxy = Proxy::start(server.port, Some((ANSWER, Fault::Hang)));
    let life = through(&server, &proxy).with("CREDJOB_DEADLINE", "8s");
    let job = tokio::task::spawn(live_elsewhere(life));
    let proxy = in_thread(move || {
        proxy.wait();
        proxy
    })
    .await;
    proxy.set_closed(true);
    let (life, ending) = job.await.expect("no panic");
    assert_eq!((ending.exit, life.reported()["status"].as_str()), (Exit::Orphan, Some("failed")));
    let role = app::roles(&server).await;
    assert_eq!(role.len(), 1);
    // Under another name of the server the role is found but not taken: the run says so, and is not done.
    let renamed = creation(&server).with("JOB_INDEX_RETRY_COUNT", "1");
    assert_eq!(renamed.live().await.exit, Exit::Orphan);
    assert_eq!(app::roles(&server).await, role);
    proxy.set_closed(false);
    let rerun = through(&server, &proxy).with("JOB_INDEX_RETRY_COUNT", "1");
    assert_eq!(rerun.live().await.exit, Exit::Done);
    assert_eq!(app::roles(&server).await, [""; 0]);
}

#[tokio::test]
async fn a_rerun_takes_the_roles_of_its_task_and_no_others() {
    let server = app::server().await;
    let (_, ours) = created(&creation(&server)).await;
    let (_, others) = created(&creation(&server).task(2)).await;
    let strangers = format!("CREATE ROLE \"{}0\"; CREATE ROLE \"{}x\"", name(&ours), &name(&ours)[..60]);
    sql::admin(&server, &strangers).await;
    let rerun = creation(&server).with("JOB_INDEX_RETRY_COUNT", "1");
    assert_eq!(rerun.live().await.exit, Exit::Done);
    assert_eq!(rerun.failure().0, "CREDJOB_INTERRUPTED");
    let left = app::roles(&server).await;
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.iter().any(|role| role == name(&others)) && !left.iter().any(|role| role == name(&ours)));
}
