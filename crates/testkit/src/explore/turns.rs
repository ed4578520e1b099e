//! Two instances of one task, and whose turn it is to make a call.

use super::event::Twin;

/// The turns of two instances; without a second one it is always everybody's turn.
///
/// The first instance waits at the call where the second one starts. The second makes some calls, then it waits until the
/// first has ended. Nobody waits longer than its call may take.
#[derive(Debug, Default)]
pub(crate) struct Turns(Option<Pair>);

#[derive(Debug)]
struct Pair {
    first: u8,
    second: u8,
    /// Calls that the second may still make before it is the first one's turn.
    left: u8,
    firsts_turn: bool,
}

/// The answer to a process that wants to make a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Yes,
    No,
    /// Not this one's any more, but from now on the other one's.
    OthersNow,
}

impl Turns {
    pub(crate) fn of(first: u8, second: u8, calls: u8) -> Self {
        Self(Some(Pair { first, second, left: calls, firsts_turn: false }))
    }

    /// Whether there are two instances.
    pub(crate) fn are_taken(&self) -> bool {
        self.0.is_some()
    }

    /// Whether `process` may make a call now; if so, the call counts.
    pub(crate) fn ask(&mut self, process: u8, gone: impl Fn(u8) -> bool) -> Turn {
        let Some(pair) = &mut self.0 else { return Turn::Yes };
        let yes_if = |yes| if yes { Turn::Yes } else { Turn::No };
        if process == pair.first {
            return yes_if(pair.firsts_turn || gone(pair.second));
        }
        if process != pair.second || gone(pair.first) || pair.left == Twin::TO_THE_END {
            return Turn::Yes;
        }
        if pair.left > 0 {
            pair.left -= 1;
            return Turn::Yes;
        }
        if std::mem::replace(&mut pair.firsts_turn, true) { Turn::No } else { Turn::OthersNow }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_everybody_may_call() {
        assert_eq!(Turns::default().ask(1, |_| false), Turn::Yes);
    }

    #[test]
    fn the_first_waits_until_the_second_has_made_its_calls_and_then_the_second_waits() {
        let mut turns = Turns::of(1, 2, 2);
        assert_eq!(turns.ask(1, |_| false), Turn::No);
        assert_eq!(turns.ask(2, |_| false), Turn::Yes);
        assert_eq!(turns.ask(2, |_| false), Turn::Yes);
        assert_eq!(turns.ask(2, |_| false), Turn::OthersNow);
        assert_eq!(turns.ask(2, |_| false), Turn::No);
        assert_eq!(turns.ask(1, |_| false), Turn::Yes);
        assert_eq!(turns.ask(2, |process| process == 1), Turn::Yes);
    }

    #[test]
    fn the_first_goes_on_when_the_second_is_gone() {
        let mut turns = Turns::of(1, 2, Twin::TO_THE_END);
        assert_eq!(turns.ask(1, |_| false), Turn::No);
        assert_eq!(turns.ask(2, |_| false), Turn::Yes);
        assert_eq!(turns.ask(1, |process| process == 2), Turn::Yes);
    }
}
