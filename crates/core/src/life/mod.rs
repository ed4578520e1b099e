//! The life of a job (DESIGN 6): environment, provider, report. Data flows one way.

mod asked;
mod clean;
mod create_task;
mod creation;
mod deletion;
mod ending;
mod publish;
mod reporter;
mod rerun;
mod step;
mod timeline;
mod undo;

use std::sync::{Arc, Mutex};

use credjob_client::{SecretsManager, Tokens};
use credjob_contract::{Environment, Exit, Problem, ReportableProblem, codes};
use credjob_http::{ALLOWED_HOSTS_VARIABLE, HostGuard, HttpClient, Ledger};

pub use create_task::VERIFY_SLICE;
pub use ending::{Ending, Outcome};
pub(crate) use step::panicked;

use self::asked::{Asked, understand};
use self::deletion::report_failed;
use self::ending::Subject;
use self::reporter::Reporter;
use self::step::caught;
use self::timeline::Timeline;
use self::undo::{Hand, log_failure};
use crate::job::JobContext;
use crate::{CredentialsProvider, Job, World};

/// Lives one job's life for the task that `environment` names, in `world`, and says how it ended.
///
/// [`run!`](crate::run) calls it with the real environment and world. Tests call it with their own.
pub async fn live<P: CredentialsProvider>(provider: &P, environment: Environment, world: World) -> Ending {
    let subject = subject(&environment);
    if environment.run.job_index > 0 {
        tracing::info!(event = "skipped", "only the instance with JOB_INDEX 0 acts");
        return Ending::new(
            &subject,
            (Outcome::Skipped, Exit::Done),
            &std::collections::BTreeMap::new(),
            &Ledger::default(),
        );
    }
    for warning in &environment.warnings {
        tracing::warn!(event = "odd_environment", "{warning}");
    }
    let run = Run::start(environment, &world);
    // Boxed: the whole life of a job is one large future.
    let ended = Box::pin(run.to_its_end(provider, &world)).await;
    Ending::new(&subject, ended, &run.timeline.phases(), &run.ledger)
}

/// One run: what every step of it shares.
struct Run {
    environment: Environment,
    timeline: Timeline,
    ledger: Ledger,
    reporter: Reporter,
    context: Arc<JobContext>,
}

impl Run {
    fn start(mut environment: Environment, world: &World) -> Self {
        let timeline = Timeline::start(environment.settings.deadline, world.stop.clone(), world.watchdog.clone());
        let ledger = Ledger::default();
        let guard = HostGuard::parse(environment.settings.allowed_hosts.as_deref().unwrap_or_default());
        let guard = guard.unwrap_or_else(|error| {
            let problem = Problem::new(ALLOWED_HOSTS_VARIABLE, error.to_string());
            environment.problems.push(ReportableProblem { code: codes::BAD_ENVIRONMENT, problem });
            HostGuard::closed()
        });
        let http = HttpClient::new(
            Arc::clone(&world.transport),
            world.clock,
            Arc::clone(&world.random),
            guard,
            ledger.clone(),
            timeline.budget(),
        );
        let address = environment.address.clone();
        let tokens = Arc::new(Tokens::new(http.clone(), address.iam_url.clone(), address.auth.clone()));
        let service = SecretsManager::new(http.clone(), address.instance.clone(), Arc::clone(&tokens));
        let context = JobContext {
            task_id: address.task_id.clone(),
            secret_id: address.secret_id.clone(),
            facts: environment.task.clone(),
            http: http.clone(),
            service: service.clone(),
            random: Arc::clone(&world.random),
            watchdog: world.watchdog.clone(),
            attempt: Mutex::default(),
            secrets: Mutex::default(),
        };
        let reporter = Reporter::new(http, service, address, Arc::clone(&world.random));
        // In parallel with what follows: the token is there when the provider is done.
        tokio::spawn(async move { drop(tokens.token().await) });
        Self { environment, timeline, ledger, reporter, context: Arc::new(context) }
    }

    async fn to_its_end<P: CredentialsProvider>(&self, provider: &P, world: &World) -> (Outcome, Exit) {
        let (action, params) = match caught(async { understand(&self.environment) }).await {
            Ok(understood) => understood,
            Err(failure) => {
                log_failure("understanding the task", &failure);
                return report_failed(&self.reporter, &self.timeline, &failure).await;
            }
        };
        let job = Job::new(params, Arc::clone(&self.context));
        let hand = Hand { provider, job: &job, timeline: &self.timeline, random: Arc::clone(&world.random) };
        match action {
            Asked::Delete(id) => deletion::delete(&self.reporter, &self.timeline, &hand, &id).await,
            Asked::Create if self.environment.run.retry_count > 0 => {
                job.suspect(job.task_marker().as_str());
                rerun::rerun(&self.reporter, &self.timeline, &hand).await
            }
            Asked::Create => create_task::create(&self.reporter, &self.timeline, &hand).await,
        }
    }
}

fn subject(environment: &Environment) -> Subject {
    Subject {
        task: environment.address.task_id.to_string(),
        secret: environment.address.secret_id.to_string(),
        action: environment.task.action.as_ref().ok().map(|action| action.as_str()),
        trigger: environment.task.trigger.as_ref().ok().map(|trigger| trigger.as_str()),
        retry: environment.run.retry_count,
    }
}
