//! Providers with one mistake each: the explorer must find it, or it proves nothing.

use credjob::http::{Request, Response, WireRequest};
use credjob::prelude::*;
use credjob_testkit::explore::models::web::{WebProvider, WebSystem};
use credjob_testkit::explore::models::{ModelCredentials, ModelParams};
use credjob_testkit::explore::{Broken, Call, Effort, HttpSystem, Live, Scene, System, View, explore};
use serde_json::json;

const BASE: &str = "https://system.test/credentials";
/// A secret that no one has told the redactor of.
const UNTOLD: &str = "canary-untold-0123456789";

/// A model provider with one mistake.
struct Mutant(Mistake);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mistake {
    /// `delete` says that it deleted, and does nothing.
    DeletesNothing,
    /// Whatever answers 404, the credential counts as gone.
    TrustsAny404,
    /// The creating request is sent again when its answer is lost.
    PostsAgain,
    /// A lost answer counts as "nothing was created".
    DeniesCreation,
    /// The credential does not carry the marker.
    ForgetsTheMarker,
    /// Everybody's credentials are listed as leftovers of this task.
    ListsStrangers,
    /// What other attempts of the task made is deleted before creating.
    ClearsFirst,
    /// A failure tells a secret.
    Tells,
}

impl Mutant {
    const fn inner() -> WebProvider {
        WebProvider { lists: true }
    }

    async fn post(job: &Job<ModelParams>, marker: &str, again: bool) -> Result<Created<ModelCredentials>, Failure> {
        let request = Request::post("create", BASE).json(&json!({ "marker": marker })).creating();
        let request = if again { request.idempotent() } else { request.never() };
        let answer = job.http().send(request).await?.json()?;
        let id = CredentialsId::new(answer["id"].as_str().unwrap_or_default())?;
        let token = answer["token"].as_str().unwrap_or_default().to_owned();
        Ok(Created::new(id, ModelCredentials { token: Secret::new(token) }))
    }
}

impl CredentialsProvider for Mutant {
    type Params = ModelParams;
    type Credentials = ModelCredentials;
    type Codes = ();

    async fn create(&self, job: &Job<ModelParams>) -> Result<Created<ModelCredentials>, Failure> {
        match self.0 {
            Mistake::PostsAgain => Self::post(job, job.marker().as_str(), true).await,
            Mistake::ForgetsTheMarker => {
                job.marker();
                Self::post(job, "somebody", false).await
            }
            Mistake::DeniesCreation => Self::inner().create(job).await.map_err(Failure::nothing_created),
            Mistake::Tells => {
                let text = format!("the answer {UNTOLD} is odd");
                Self::inner().create(job).await.map_err(|_| Failure::new("MUTANT", text))
            }
            Mistake::ClearsFirst => {
                if let Leftovers::Found(found) = Self::inner().leftovers(job, &job.task_marker()).await? {
                    for leftover in found {
                        Self::inner().delete(job, &leftover.id).await?;
                    }
                }
                Self::inner().create(job).await
            }
            _ => Self::inner().create(job).await,
        }
    }

    async fn delete(&self, job: &Job<ModelParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        match self.0 {
            Mistake::DeletesNothing => Ok(Deletion::Deleted),
            Mistake::TrustsAny404 => {
                match job.http().send(Request::delete("delete", format!("{BASE}/{}", id.as_str()))).await {
                    Err(error) if error.status() == Some(404) => Ok(Deletion::AlreadyGone),
                    answer => Ok(answer?.json().map(|_| Deletion::Deleted)?),
                }
            }
            _ => Self::inner().delete(job, id).await,
        }
    }

    async fn leftovers(&self, job: &Job<ModelParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        if self.0 != Mistake::ListsStrangers {
            return Self::inner().leftovers(job, task).await;
        }
        let list = job.http().send(Request::get("list", BASE)).await?.json()?;
        let list = list["credentials"].as_array().cloned().unwrap_or_default();
        let marker = format!("{task}-0123456789ab");
        let found = list.iter().filter_map(|one| CredentialsId::new(one["id"].as_str()?).ok());
        Ok(Leftovers::Found(found.map(|id| Leftover::new(id, marker.clone())).collect()))
    }
}

/// What the explorer finds in a scene: one schedule of each kind of broken promise.
fn found(scene: Scene, effort: Effort) -> Vec<(Broken, String)> {
    let report = explore(&[(scene, effort)]);
    report.findings().map(|(_, finding)| (finding.broken.clone(), finding.schedule.to_string())).collect()
}

fn create(provider: fn() -> Mutant) -> Scene {
    Scene::http("mutant", provider, WebSystem::default).with_canary("untold", UNTOLD)
}

#[test]
fn a_delete_that_deletes_nothing_is_caught_while_creating_and_while_deleting() {
    let provider: fn() -> Mutant = || Mutant(Mistake::DeletesNothing);
    let orphans = found(create(provider), Effort::singles());
    assert!(orphans.iter().any(|(broken, _)| matches!(broken, Broken::Orphan(_))), "{orphans:?}");
    let deletes = found(create(provider).deleting(), Effort::singles());
    assert!(deletes.iter().any(|(broken, schedule)| matches!(broken, Broken::FalseDelete(_)) && schedule.is_empty()));
}

#[test]
fn a_404_of_a_proxy_that_counts_as_gone_is_caught() {
    let found = found(create(|| Mutant(Mistake::TrustsAny404)).deleting(), Effort::singles());
    assert!(
        found.iter().any(|(broken, schedule)| matches!(broken, Broken::FalseDelete(_)) && schedule == "1.delete#1=404"),
        "{found:?}"
    );
}

#[test]
fn a_creating_request_that_is_sent_again_is_caught() {
    let found = found(create(|| Mutant(Mistake::PostsAgain)), Effort::singles());
    assert!(
        found
            .iter()
            .any(|(broken, schedule)| matches!(broken, Broken::Orphan(_)) && schedule == "1.create#1=answer-lost"),
        "{found:?}"
    );
}

#[test]
fn a_lost_answer_that_counts_as_nothing_created_is_caught() {
    let found = found(create(|| Mutant(Mistake::DeniesCreation)), Effort::singles());
    assert!(found.iter().any(|(broken, _)| matches!(broken, Broken::Orphan(_))), "{found:?}");
}

#[test]
fn a_credential_without_the_marker_is_caught() {
    let found = found(create(|| Mutant(Mistake::ForgetsTheMarker)), Effort::singles());
    assert!(found.iter().any(|(broken, _)| matches!(broken, Broken::Orphan(_))), "{found:?}");
}

#[test]
fn a_list_of_strangers_is_caught() {
    let found = found(create(|| Mutant(Mistake::ListsStrangers)), Effort::singles());
    assert!(found.iter().any(|(broken, _)| matches!(broken, Broken::StrangerHarmed(_))), "{found:?}");
}

#[test]
fn clearing_before_creating_is_caught_with_two_instances() {
    let found = found(create(|| Mutant(Mistake::ClearsFirst)), Effort::singles());
    assert!(found.iter().any(|(broken, _)| matches!(broken, Broken::Dangling(_))), "{found:?}");
}

#[test]
fn a_secret_in_a_failure_is_caught() {
    let found = found(create(|| Mutant(Mistake::Tells)), Effort::singles());
    assert!(found.iter().any(|(broken, _)| matches!(broken, Broken::Leak(name) if name == "untold")), "{found:?}");
}

/// A system that changes the id of a credential between creating and listing.
#[derive(Default)]
struct Renaming(WebSystem);

impl System for Renaming {
    fn live(&self) -> Vec<Live> {
        self.0.live().into_iter().map(|one| Live::new(format!("{}-renamed", one.id), one.marker)).collect()
    }

    fn add_existing(&mut self, text: &str) -> String {
        format!("{}-renamed", self.0.add_existing(text))
    }
}

impl HttpSystem for Renaming {
    fn call_of(request: &WireRequest) -> Call {
        WebSystem::call_of(request)
    }

    fn answer(&mut self, request: &WireRequest, view: View) -> Response {
        self.0.answer(request, view)
    }
}

#[test]
fn a_credential_published_under_a_wrong_id_is_caught_without_any_fault() {
    let scene = Scene::http("renaming", || WebProvider { lists: true }, Renaming::default);
    let found = found(scene, Effort::singles());
    assert!(found.iter().any(|(broken, schedule)| matches!(broken, Broken::Dangling(_)) && schedule.is_empty()));
}
