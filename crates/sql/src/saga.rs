//! Taking an account away, step by step: access first, the account last. Data only: whoever runs it does the I/O.
//!
//! ```
//! use credjob_sql::saga::{Answer, Next, Saga, Step};
//!
//! let mut saga = Saga::new();
//! assert_eq!(saga.next(), Next::Do(Step::Find));
//! saga.answer(Answer::Absent);
//! assert_eq!(saga.next(), Next::AlreadyGone);
//! ```
//!
//! Every step may be repeated, so a run that was cut is simply started again. A step that fails is no answer: the run
//! ends with its failure, and the account stays as far gone as it is.

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Look whether there is such an account. [`Answer::Done`] if there is.
    Find,
    /// Refuse every new login.
    CutAccess,
    /// End all sessions and wait until they are gone. It is asked for again before the account is dropped, because a login
    /// that was under way when access was cut may have got through.
    EndSessions,
    /// List the databases in which something hangs on the account.
    ListPlaces,
    /// Take away in this database what hangs on the account. What it owns is handed over, never dropped.
    CleanUp(String),
    /// Drop the account.
    Drop,
    /// List what still hangs on the account.
    ListHolders,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Done,
    /// There is no such account.
    Absent,
    /// The places, or the holders, that were asked for.
    List(Vec<String>),
    /// The place cannot be cleaned up, or the account not be dropped. Trying the same again would not help.
    Refused(String),
}

/// Where the saga stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Do this, then [`answer`](Saga::answer).
    Do(Step),
    /// The account existed and is gone.
    Deleted,
    /// There was no such account.
    AlreadyGone,
    /// The account stays, without access, because of this.
    Held {
        /// What hangs on the account.
        holders: Vec<String>,
        /// Why places could not be cleaned up, and why the account could not be dropped.
        reasons: Vec<String>,
    },
}

/// The deletion of one account.
#[derive(Debug, Clone)]
pub struct Saga {
    next: Next,
    /// What is left to be cleaned up; `None` until it is listed.
    places: Option<Vec<String>>,
    reasons: Vec<String>,
}

impl Saga {
    /// A deletion that has not begun.
    pub fn new() -> Self {
        Self { next: Next::Do(Step::Find), places: None, reasons: Vec::new() }
    }

    /// What to do now.
    pub fn next(&self) -> Next {
        self.next.clone()
    }

    /// Says what the step came to.
    pub fn answer(&mut self, answer: Answer) {
        let Next::Do(step) = &self.next else { return };
        self.next = match (step.clone(), answer) {
            (Step::Find, Answer::Absent) => Next::AlreadyGone,
            (Step::Find, _) => Next::Do(Step::CutAccess),
            // Seen before, so this is no "already gone": somebody finished our work.
            (_, Answer::Absent) => Next::Deleted,
            (Step::CutAccess, _) => Next::Do(Step::EndSessions),
            (Step::EndSessions, _) if self.places.is_some() => Next::Do(Step::Drop),
            (Step::EndSessions, _) => Next::Do(Step::ListPlaces),
            (Step::ListPlaces, Answer::List(places)) => {
                // The last is taken first.
                self.places = Some(places.into_iter().rev().collect());
                self.clean_up_or_go_on()
            }
            (Step::ListPlaces, _) => {
                self.places = Some(Vec::new());
                self.clean_up_or_go_on()
            }
            (Step::CleanUp(_), answer) => {
                self.note(answer);
                self.clean_up_or_go_on()
            }
            (Step::Drop, answer @ Answer::Refused(_)) => {
                self.note(answer);
                Next::Do(Step::ListHolders)
            }
            (Step::Drop, _) => Next::Deleted,
            (Step::ListHolders, answer) => {
                let holders = if let Answer::List(holders) = answer { holders } else { Vec::new() };
                Next::Held { holders, reasons: std::mem::take(&mut self.reasons) }
            }
        };
    }

    /// Sessions are ended a second time after the places.
    fn clean_up_or_go_on(&mut self) -> Next {
        match self.places.as_mut().and_then(Vec::pop) {
            Some(place) => Next::Do(Step::CleanUp(place)),
            None => Next::Do(Step::EndSessions),
        }
    }

    fn note(&mut self, answer: Answer) {
        if let Answer::Refused(reason) = answer {
            self.reasons.push(reason);
        }
    }
}

impl Default for Saga {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a saga with these answers and returns its steps and its end.
    fn run(answers: Vec<Answer>) -> (Vec<Step>, Next) {
        let (mut saga, mut steps) = (Saga::new(), Vec::new());
        for answer in answers {
            if let Next::Do(step) = saga.next() {
                steps.push(step);
            }
            saga.answer(answer);
        }
        (steps, saga.next())
    }

    fn list(items: &[&str]) -> Answer {
        Answer::List(items.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn access_ends_before_anything_is_cleaned_up_and_the_account_goes_last() {
        use Answer::Done;
        use Step::{CutAccess, Drop, EndSessions, Find, ListPlaces};
        let (steps, end) = run(vec![Done, Done, Done, list(&["app", "logs"]), Done, Done, Done, Done]);
        let [app, logs] = ["app", "logs"].map(|place| Step::CleanUp(place.to_owned()));
        assert_eq!(steps, [Find, CutAccess, EndSessions, ListPlaces, app, logs, EndSessions, Drop]);
        assert_eq!(end, Next::Deleted);
    }

    #[test]
    fn an_account_that_never_was_is_already_gone_and_one_that_vanishes_is_deleted() {
        assert_eq!(run(vec![Answer::Absent]).1, Next::AlreadyGone);
        assert_eq!(run(vec![Answer::Done, Answer::Absent]).1, Next::Deleted);
    }

    #[test]
    fn a_place_that_cannot_be_cleaned_up_does_not_stop_the_others() {
        let refused = |why: &str| Answer::Refused(why.to_owned());
        let answers = vec![
            Answer::Done,
            Answer::Done,
            Answer::Done,
            list(&["a", "b"]),
            refused("a: no"),
            Answer::Done,
            Answer::Done,
            refused("in use"),
            list(&["table x"]),
        ];
        let held = Next::Held { holders: vec!["table x".into()], reasons: vec!["a: no".into(), "in use".into()] };
        assert_eq!(run(answers).1, held);
    }

    #[test]
    fn an_end_stays_the_end() {
        let mut saga = Saga::new();
        saga.answer(Answer::Absent);
        saga.answer(Answer::Done);
        assert_eq!(saga.next(), Next::AlreadyGone);
    }
}
