//! Runs the instructions of a pattern on a text, with a stack of its own for going back.

use std::ops::Range;

use super::{
    program::{Instruction, Program},
    tree::{Assertion, Case, Direction, is_word, same_letter},
};
use crate::expression::{allowance::Allowance, value::Unreadable};

pub(super) struct Machine<'a> {
    program: &'a Program,
    text: &'a str,
    end_of_last: usize,
    allowance: &'a Allowance,
    captures: Vec<Option<Range<usize>>>,
    marks: Vec<usize>,
    stack: Vec<Undo>,
}

/// How to go back to an earlier choice.
enum Undo {
    /// The other way of a split.
    Branch {
        instruction: usize,
        position: usize,
    },
    Capture {
        group: usize,
        before: Option<Range<usize>>,
    },
    Mark {
        mark: usize,
        before: usize,
    },
}

/// What one instruction weighs in the allowance of an evaluation, where a byte of a value is one:
/// a pattern runs for a fraction of a second at most.
const WEIGHT_OF_STEP: u64 = 8;

/// The stack may grow to some forty megabytes.
const MOST_UNDOS: usize = 1_000_000;

/// The captures of a match, or nothing; an error when the allowance is used up.
type Found = Result<Option<Vec<Option<Range<usize>>>>, Unreadable>;

impl<'a> Machine<'a> {
    pub(super) fn new(
        program: &'a Program,
        text: &'a str,
        end_of_last: usize,
        allowance: &'a Allowance,
    ) -> Self {
        Self {
            program,
            text,
            end_of_last,
            allowance,
            captures: vec![None; program.groups],
            marks: vec![0; program.marks],
            stack: Vec::new(),
        }
    }

    pub(super) fn match_at(&mut self, start: usize) -> Found {
        let Some(end) = self.run(0, start)? else {
            return Ok(None);
        };
        self.captures[0] = Some(start..end);
        Ok(Some(self.captures.clone()))
    }

    /// Where the instructions come to their end; the choices they made stay on the stack.
    /// Recurses for a look or an atomic group only, as deep as the pattern nests.
    fn run(&mut self, instruction: usize, position: usize) -> Result<Option<usize>, Unreadable> {
        let bottom = self.stack.len();
        let mut at = Some((instruction, position));
        loop {
            let Some((instruction, position)) = at.or_else(|| self.go_back(bottom)) else {
                return Ok(None);
            };
            self.allowance.take(WEIGHT_OF_STEP)?;
            if let Instruction::Done = self.program.instructions[instruction] {
                return Ok(Some(position));
            }
            at = self.step(instruction, position)?;
        }
    }

    /// The next instruction and position, or None when this one does not match.
    fn step(
        &mut self,
        instruction: usize,
        position: usize,
    ) -> Result<Option<(usize, usize)>, Unreadable> {
        let next = instruction + 1;
        let program = self.program;
        Ok(match &program.instructions[instruction] {
            Instruction::Done => None,
            Instruction::Character(class, direction) => {
                self.allowance.take(class.weight())?;
                let read = self.character(position, *direction);
                read.filter(|(character, _)| class.contains(*character))
                    .map(|(_, behind)| (next, behind))
            }
            Instruction::Assertion(assertion) => {
                self.holds(*assertion, position).then_some((next, position))
            }
            Instruction::Split(first, second) => {
                self.remember(Undo::Branch {
                    instruction: *second,
                    position,
                })?;
                Some((*first, position))
            }
            Instruction::Jump(target) => Some((*target, position)),
            Instruction::Mark(mark) => {
                self.mark(*mark, position)?;
                Some((next, position))
            }
            Instruction::JumpUnlessEmpty { mark, target } => {
                let is_empty = self.marks[*mark] == position;
                Some((if is_empty { next } else { *target }, position))
            }
            Instruction::Capture { group, mark } => {
                self.capture(*group, self.marks[*mark], position)?;
                Some((next, position))
            }
            Instruction::Backreference(group, case, direction) => self
                .backreference(*group, *case, *direction, position)?
                .map(|behind| (next, behind)),
            Instruction::UnlessCaptured { group, target } => {
                let has_matched = self.captures[*group].is_some();
                Some((if has_matched { next } else { *target }, position))
            }
            Instruction::Look { wanted, target } => {
                let found = self.look(next, position, *wanted)?;
                (found == *wanted).then_some((*target, position))
            }
            Instruction::Atomic { target } => {
                let end = self.atomic(next, position)?;
                end.map(|end| (*target, end))
            }
        })
    }

    fn mark(&mut self, mark: usize, position: usize) -> Result<(), Unreadable> {
        let before = std::mem::replace(&mut self.marks[mark], position);
        self.remember(Undo::Mark { mark, before })
    }

    /// What lies between a mark and the position, whichever comes first.
    fn capture(&mut self, group: usize, marked: usize, position: usize) -> Result<(), Unreadable> {
        let range = marked.min(position)..marked.max(position);
        let before = self.captures[group].replace(range);
        self.remember(Undo::Capture { group, before })
    }

    /// Where the instructions end at first; no other way is tried later.
    fn atomic(&mut self, instruction: usize, position: usize) -> Result<Option<usize>, Unreadable> {
        let bottom = self.stack.len();
        let end = self.run(instruction, position)?;
        self.forget_choices(bottom);
        Ok(end)
    }

    /// Whether the instructions match here. What they captured stays when that was wanted.
    fn look(
        &mut self,
        instruction: usize,
        position: usize,
        wanted: bool,
    ) -> Result<bool, Unreadable> {
        let bottom = self.stack.len();
        let found = self.run(instruction, position)?.is_some();
        self.forget_choices(bottom);
        if !wanted {
            self.go_back(bottom);
        }
        Ok(found)
    }

    /// Undoes down to the last choice and takes its other way; None when there is no choice above
    /// the bottom.
    fn go_back(&mut self, bottom: usize) -> Option<(usize, usize)> {
        while self.stack.len() > bottom {
            match self.stack.pop()? {
                Undo::Branch {
                    instruction,
                    position,
                } => return Some((instruction, position)),
                Undo::Capture { group, before } => self.captures[group] = before,
                Undo::Mark { mark, before } => self.marks[mark] = before,
            }
        }
        None
    }

    /// Keeps what was captured above the bottom, but not the other ways to get there.
    fn forget_choices(&mut self, bottom: usize) {
        let is_kept = |undo: &Undo| !matches!(undo, Undo::Branch { .. });
        let kept: Vec<Undo> = self.stack.drain(bottom..).filter(is_kept).collect();
        self.stack.extend(kept);
    }

    fn remember(&mut self, undo: Undo) -> Result<(), Unreadable> {
        if self.stack.len() >= MOST_UNDOS {
            return Err("takes too much memory to compute".to_owned());
        }
        self.stack.push(undo);
        Ok(())
    }

    /// The character at the position in this direction, and the position behind it.
    fn character(&self, position: usize, direction: Direction) -> Option<(char, usize)> {
        match direction {
            Direction::Forward => {
                let character = self.text[position..].chars().next()?;
                Some((character, position + character.len_utf8()))
            }
            Direction::Backward => {
                let character = self.text[..position].chars().next_back()?;
                Some((character, position - character.len_utf8()))
            }
        }
    }

    /// A group that has not matched never matches again.
    fn backreference(
        &self,
        group: usize,
        case: Case,
        direction: Direction,
        position: usize,
    ) -> Result<Option<usize>, Unreadable> {
        let Some(captured) = self.captures[group].clone() else {
            return Ok(None);
        };
        self.allowance.take(captured.len() as u64)?;
        let captured = &self.text[captured];
        let count = captured.chars().count();
        let (here, behind) = match direction {
            Direction::Forward => {
                let rest = &self.text[position..];
                let length: usize = rest.chars().take(count).map(char::len_utf8).sum();
                (&rest[..length], position + length)
            }
            Direction::Backward => {
                let rest = &self.text[..position];
                let length: usize = rest.chars().rev().take(count).map(char::len_utf8).sum();
                (&rest[position - length..], position - length)
            }
        };
        let same = match case {
            Case::Sensitive => here == captured,
            Case::Ignored => {
                let mut pairs = here.chars().zip(captured.chars());
                here.chars().count() == count && pairs.all(|(left, right)| same_letter(left, right))
            }
        };
        Ok(same.then_some(behind))
    }

    fn holds(&self, assertion: Assertion, position: usize) -> bool {
        let before = self.text[..position].chars().next_back();
        let after = self.text[position..].chars().next();
        match assertion {
            Assertion::TextStart => before.is_none(),
            Assertion::LineStart => before.is_none_or(|character| character == '\n'),
            Assertion::TextEnd => matches!(&self.text[position..], "" | "\n"),
            Assertion::LineEnd => after.is_none_or(|character| character == '\n'),
            Assertion::VeryEnd => after.is_none(),
            Assertion::WordBoundary => is_boundary(before, after),
            Assertion::NoWordBoundary => !is_boundary(before, after),
            Assertion::EndOfLast => position == self.end_of_last,
        }
    }
}

/// Joiners of zero width belong to words here, but not to `\w`.
fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    let in_word = |character: Option<char>| {
        character.is_some_and(|c| is_word(c) || matches!(c, '\u{200C}' | '\u{200D}'))
    };
    in_word(before) != in_word(after)
}
