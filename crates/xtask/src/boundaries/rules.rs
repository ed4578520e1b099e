//! What must not be linked into a job binary, and why: whole crates, and features of crates that are there.

/// Crates that share a reason.
pub(crate) struct Crates(pub(crate) &'static [&'static str], pub(crate) &'static str);

/// Features of one crate that share a reason.
pub(crate) struct Features(pub(crate) &'static str, pub(crate) &'static [&'static str], pub(crate) &'static str);

/// The crypto providers of rustls; a job has exactly one. Two would be twice the code to trust, and rustls could not choose between them.
pub(crate) const CRYPTO_PROVIDERS: [&str; 2] = ["aws-lc-rs", "ring"];

/// Crates that a job may hold in two versions, and why that cannot be helped. An entry that no job needs any more is a problem, too.
pub(crate) const TWICE: [(&str, &str); 2] = [
    ("base64", "reqwest 0.13.5 and hyper-util use 0.23, postgres-protocol 0.6.12 and our own crates 0.22"),
    ("getrandom", "ring 0.17.14 uses 0.2; our own crates use 0.4"),
];

/// Crates that stay out of every job.
pub(crate) const NOT_IN_A_JOB: [Crates; 12] = [
    Crates(
        &["boring", "boring-sys", "native-tls", "openssl", "openssl-src", "openssl-sys", "s2n-tls", "wolfssl-sys"],
        "one TLS library, rustls: OpenSSL would be a second one, in C, to load or to patch",
    ),
    Crates(
        &["aho-corasick", "regex", "regex-automata", "regex-lite", "regex-syntax", "matchers", "fancy-regex"],
        "a regex engine costs start-up and half a megabyte (DESIGN 12)",
    ),
    Crates(
        &["argh", "clap", "clap_builder", "lexopt", "pico-args", "structopt"],
        "a job has three words to understand, no argument parser (DESIGN 12)",
    ),
    Crates(
        &["actix-rt", "async-global-executor", "async-io", "async-std", "glommio", "monoio", "smol"],
        "one async runtime, tokio: a second one would start threads of its own and miss the deadline's cancellation",
    ),
    Crates(&["rayon", "rayon-core", "threadpool"], "one thread (DESIGN 12); CPU work goes through `job.compute`"),
    Crates(
        &["h2", "h3", "quinn", "quinn-proto", "tungstenite"],
        "HTTP/1.1 only: a handful of requests on one connection gains nothing, and HTTP/2 has had the worst denial-of-service bugs",
    ),
    Crates(
        &[
            "async-compression",
            "brotli",
            "brotli-decompressor",
            "flate2",
            "lz4_flex",
            "miniz_oxide",
            "zlib-rs",
            "zstd",
            "zstd-sys",
        ],
        "no decompression: a small hostile answer must not become a large one behind the body limit",
    ),
    Crates(
        &["cookie", "cookie_store", "encoding_rs", "hickory-resolver", "mime_guess", "publicsuffix"],
        "extras of an HTTP client that a job does not use",
    ),
    Crates(
        &["ctor", "dlopen2", "inventory", "libloading", "linkme"],
        "no code before `main` and none that is loaded while it runs",
    ),
    Crates(
        &["env_logger", "fern", "log4rs", "simplelog", "tracing-log"],
        "every line goes through the redactor; a second logger would go round it",
    ),
    Crates(&["backoff", "instant", "rsa"], "a RustSec advisory without a fix (DESIGN 11; `deny.toml`)"),
    Crates(
        &[
            "axum",
            "credjob-emulator",
            "credjob-testkit",
            "hyper-timeout",
            "mockito",
            "proptest",
            "rustls-pemfile",
            "tempfile",
        ],
        "code of tests, of the emulator, or replaced by a crate that is there (rustls-pki-types reads PEM)",
    ),
];

/// Features that stay off in every job.
pub(crate) const OFF: [Features; 19] = [
    Features(
        "reqwest",
        &["default-tls", "native-tls", "rustls", "__native-tls", "__rustls-aws-lc-rs"],
        "the crypto provider is the job's choice; `rustls` forces aws-lc-rs beside ring",
    ),
    Features(
        "reqwest",
        &["brotli", "charset", "cookies", "deflate", "gzip", "zstd"],
        "answers are JSON, uncompressed, and without a session",
    ),
    Features(
        "reqwest",
        &["blocking", "hickory-dns", "http2", "http3", "multipart", "socks", "stream"],
        "not used, and each brings crates or code that has to be trusted",
    ),
    Features("reqwest", &["system-proxy"], "proxies come from the environment only; this reads the desktop's settings"),
    Features("hyper", &["ffi", "full", "http2", "server"], "a client of HTTP/1.1"),
    Features(
        "hyper-util",
        &["client-proxy-system", "full", "http2", "server", "server-auto", "tracing"],
        "a client of HTTP/1.1; its traces could hold headers",
    ),
    Features(
        "hyper-rustls",
        &["fips", "http2", "logging", "native-tokio", "webpki-tokio"],
        "roots and versions are set in one place, credjob-http",
    ),
    Features(
        "tokio",
        &["fs", "full", "io-std", "process", "rt-multi-thread", "test-util"],
        "one thread, no child processes, no thread pool for files, and the clock of the machine",
    ),
    Features(
        "rustls",
        &["brotli", "custom-provider", "logging", "read_buf", "zlib"],
        "its log goes round the redactor; certificate compression is a decompression bomb's way in",
    ),
    Features("tokio-rustls", &["brotli", "early-data", "logging", "zlib"], "as for rustls; early data can be replayed"),
    Features(
        "aws-lc-rs",
        &["bindgen", "fips", "legacy-des", "non-fips", "unstable"],
        "needs cmake, Go or clang to build, or is weak",
    ),
    Features(
        "ring",
        &["slow_tests", "test_logging", "less-safe-getrandom-custom-or-rdrand"],
        "randomness comes from the system",
    ),
    Features("rcgen", &["pem", "x509-parser"], "`pem` copies the private key into memory that nobody wipes"),
    Features(
        "tracing-subscriber",
        &["ansi", "chrono", "env-filter", "local-time", "parking_lot", "tracing-log"],
        "`env-filter` is a regex engine; the log is JSON without colours, in UTC",
    ),
    Features("tracing", &["log", "log-always"], "every line goes through the redactor"),
    Features(
        "serde_json",
        &["arbitrary_precision", "preserve_order", "raw_value", "unbounded_depth"],
        "`unbounded_depth` lets a hostile answer exhaust the stack; the others change what parses for every crate at once",
    ),
    Features(
        "time",
        &["large-dates", "local-offset"],
        "`local-offset` reads the environment while other threads may write it",
    ),
    Features("getrandom", &["custom", "rdrand"], "randomness comes from the system"),
    Features(
        "tokio-postgres",
        &["with-serde_json-1", "with-uuid-1", "with-chrono-0_4", "array-impls"],
        "the job sends texts and reads texts",
    ),
];
