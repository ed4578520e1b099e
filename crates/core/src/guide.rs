//! Guides: from an empty folder to a job that somebody else operates.
//!
//! | Guide | For whom | Question |
//! |---|---|---|
//! | [`first_provider`] | authors | How do I get a provider that works, in ten minutes? |
//! | [`moving_from_go`] | authors | I have a provider from IBM's Go generator. What stays, what changes? |
//! | [`testing`] | authors | How do I know that it keeps the promise under every fault? |
//! | [`security`] | authors, operators | Which secrets are guarded how, and where does that end? |
//! | [`failures`] | authors, operators | What does an error code or an exit code mean, and what do I do? |
//! | [`deploying`] | operators | How does the job get into Code Engine, with which rights and size? |
//! | [`troubleshooting`] | operators | A task failed. Where do I look, and for what? |
//! | [`evidence`] | everybody | What was tried to break the promise, and what was left behind? |

#[doc = include_str!("guide/first_provider.md")]
pub mod first_provider {}

#[doc = include_str!("guide/moving_from_go.md")]
pub mod moving_from_go {}

// Its blocks need credjob-testkit, which needs this crate: they are compiled there.
#[cfg_attr(not(doctest), doc = include_str!("guide/testing.md"))]
#[cfg_attr(doctest, doc = "Testing.")]
pub mod testing {}

#[doc = include_str!("guide/security.md")]
pub mod security {}

#[doc = include_str!("guide/failures.md")]
pub mod failures {}

#[doc = include_str!("guide/deploying.md")]
pub mod deploying {}

#[doc = include_str!("guide/troubleshooting.md")]
pub mod troubleshooting {}

#[doc = include_str!("guide/evidence.md")]
pub mod evidence {}
