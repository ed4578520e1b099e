//! A private PostgreSQL server: random port, temporary folder, TLS, gone when it is dropped.

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::certificates::Certificates;
use super::install;

/// The administrator of the private server.
pub(crate) const ADMIN: &str = "postgres";
pub(crate) const ADMIN_PASSWORD: &str = "canary-password-of-the-administrator";

/// How long the server may take to start. It needs 0.1 s (SERVERS 1); a busy machine more.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A data directory that is copied instead of made anew: 0.1 s instead of 1 s. It lives as long as a server of this test run does.
static TEMPLATE: Mutex<Weak<TempDir>> = Mutex::new(Weak::new());

pub(crate) struct Server {
    folder: TempDir,
    process: Option<Child>,
    pub(crate) port: u16,
    pub(crate) certificates: Certificates,
    settings: Vec<String>,
    _template: Arc<TempDir>,
}

impl Server {
    /// Starts a server that logs every statement.
    pub(crate) fn start() -> Self {
        Self::start_with(&["127.0.0.1", "localhost"], &[])
    }

    /// Starts a server whose certificate is for these hosts, with these settings.
    pub(crate) fn start_with(hosts: &[&str], settings: &[&str]) -> Self {
        let template = template();
        let folder = folder();
        let data = folder.path().join("data");
        let copied = Command::new("cp").arg("-a").arg(template.path().join("data")).arg(&data).status();
        assert!(copied.expect("cp starts").success(), "the template is copied");
        let certificates = Certificates::for_hosts(hosts);
        for (name, text) in [("server.pem", &certificates.certificate), ("server.key", &certificates.key)] {
            let file = folder.path().join(name);
            fs::write(&file, text).expect("a file");
            fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("its mode");
            install::hand_over(&file);
        }
        let settings = settings.iter().map(ToString::to_string).collect();
        let mut server = Self { folder, process: None, port: 0, certificates, settings, _template: template };
        // Another program may take the port meanwhile.
        let started = (0..5).any(|_| {
            server.port = free_port();
            server.launch()
        });
        assert!(started, "the server does not start: {}", server.log());
        server
    }

    /// The folder of the server's socket, for connections without TLS.
    pub(crate) fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that the server has logged: every statement, too.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Ends the server at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let id = i32::try_from(process.id()).ok().and_then(rustix::process::Pid::from_raw);
            // Immediate shutdown: the server's own children end too, which SIGKILL would leave to find out.
            let _ = rustix::process::kill_process(id.expect("a process id"), rustix::process::Signal::QUIT);
            drop(process.wait());
        }
    }

    /// Starts a server that was killed, on the same port and with the same data.
    pub(crate) fn restart(&mut self) {
        assert!(self.launch(), "the server does not start again: {}", self.log());
    }

    fn launch(&mut self) -> bool {
        let folder = self.folder.path();
        let log = File::options().create(true).append(true).open(folder.join("log")).expect("a log file");
        let mut command = install::program("postgres", folder);
        command.arg("-D").arg("data").args(["-p", &self.port.to_string()]);
        let fixed = [
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "ssl=on",
            "log_statement=all",
            "log_connections=on",
            "max_connections=40",
            "unix_socket_permissions=0777",
        ];
        let folder_text = folder.display();
        let files = ["unix_socket_directories=", "ssl_cert_file=", "ssl_key_file="]
            .into_iter()
            .zip(["", "/server.pem", "/server.key"])
            .map(|(setting, file)| format!("{setting}{folder_text}{file}"));
        for setting in fixed.map(str::to_owned).into_iter().chain(files).chain(self.settings.iter().cloned()) {
            command.args(["-c", &setting]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut process = command.spawn().expect("setpriv starts");
        let started = Instant::now();
        // Its last line says `ready`, as `pg_ctl` reads it.
        let ready = || {
            fs::read_to_string(folder.join("data/postmaster.pid")).is_ok_and(|text| text.trim_end().ends_with("ready"))
        };
        while started.elapsed() < START_LIMIT && process.try_wait().is_ok_and(|ended| ended.is_none()) {
            if ready() {
                self.process = Some(process);
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(process.kill());
        drop(process.wait());
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A temporary folder that the server may enter and write.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("credjob-pg-").tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("its mode");
    install::hand_over(folder.path());
    folder
}

fn template() -> Arc<TempDir> {
    let mut template = TEMPLATE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(template) = template.upgrade() {
        return template;
    }
    let made = folder();
    fs::write(made.path().join("password"), ADMIN_PASSWORD).expect("a file");
    install::hand_over(&made.path().join("password"));
    let mut initdb = install::program("initdb", made.path());
    initdb.args([
        "-D",
        "data",
        "-U",
        ADMIN,
        "-A",
        "scram-sha-256",
        "--pwfile=password",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    let output = initdb.output().expect("setpriv starts");
    assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
    let access = "local all postgres trust\nlocal all all scram-sha-256\nhostssl all all all scram-sha-256\n";
    fs::write(made.path().join("data/pg_hba.conf"), access).expect("pg_hba.conf");
    let made = Arc::new(made);
    *template = Arc::downgrade(&made);
    made
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
