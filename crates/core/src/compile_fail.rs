//! Mistakes that the compiler itself finds: its words change from release to release, so only the refusal is tested.
//!
//! A default beyond a limit that is a constant:
//! ```compile_fail
//! use credjob::prelude::*;
//! const MOST: i64 = 3650;
//! #[derive(Params)]
//! struct Defaults {
//!     #[param(default = 3651, max = MOST)]
//!     limit: i64,
//! }
//! # fn main() {}
//! ```
//! A default that is no option:
//! ```compile_fail
//! use credjob::prelude::*;
//! #[derive(Clone, ParamEnum)]
//! enum KeyAlgo {
//!     Rsa,
//!     Ecdsa,
//! }
//! #[derive(Params)]
//! struct Defaults {
//!     #[param(default = "DSA")]
//!     algo: KeyAlgo,
//! }
//! # fn main() {}
//! ```
//! An output of a type that Secrets Manager does not store:
//! ```compile_fail
//! use credjob::prelude::*;
//! struct Opaque;
//! #[derive(Credentials)]
//! struct Outputs {
//!     value: Opaque,
//! }
//! # fn main() {}
//! ```
//! An input of a type that nothing can parse:
//! ```compile_fail
//! use credjob::prelude::*;
//! struct Opaque;
//! #[derive(Params)]
//! struct Inputs {
//!     value: Opaque,
//! }
//! # fn main() {}
//! ```
//! The same as the last two, without the mistake:
//! ```
//! use credjob::prelude::*;
//! #[derive(Params)]
//! struct Inputs {
//!     /// An address.
//!     value: std::net::IpAddr,
//! }
//! #[derive(Credentials)]
//! struct Outputs {
//!     /// A token.
//!     value: Secret<String>,
//! }
//! # fn main() {}
//! ```
