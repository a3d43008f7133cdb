//! From a tree to instructions.

use super::{
    PatternError,
    tree::{Assertion, Case, Class, Direction, Greed, GroupName, Groups, Look, Repetition, Tree},
};

/// Instructions, with the number of places that they remember.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    /// Capture slots, with that of the whole match.
    pub(super) groups: usize,
    pub(super) marks: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Instruction {
    /// The end of the program or of the part that [`Self::Look`] or [`Self::Atomic`] runs.
    Done,
    Character(Class, Direction),
    Assertion(Assertion),
    /// Goes on at the first; at the other when that fails.
    Split(usize, usize),
    Jump(usize),
    /// Remembers the position.
    Mark(usize),
    /// Goes back to repeat, unless nothing was read since the mark.
    JumpUnlessEmpty {
        mark: usize,
        target: usize,
    },
    /// Takes what was read since the mark into the group.
    Capture {
        group: usize,
        mark: usize,
    },
    Backreference(usize, Case, Direction),
    /// Goes on when the group has matched, else at the target.
    UnlessCaptured {
        group: usize,
        target: usize,
    },
    /// Runs the instructions behind it, then goes on at the target.
    Look {
        wanted: bool,
        target: usize,
    },
    Atomic {
        target: usize,
    },
}

/// Counted repetitions are written out, so that a short pattern may need many instructions.
const MOST_INSTRUCTIONS: usize = 20_000;

/// Parts of a pattern that are visited while it is written out. Some write nothing, or nothing that
/// stays, so that the instructions alone do not bound the time.
const MOST_VISITS: usize = 200_000;

pub(super) fn compile(tree: &Tree, groups: &Groups) -> Result<Program, PatternError> {
    let mut compiler = Compiler {
        instructions: Vec::new(),
        marks: 0,
        visits: 0,
        groups,
    };
    compiler.tree(tree, Direction::Forward)?;
    compiler.push(Instruction::Done)?;
    Ok(Program {
        instructions: compiler.instructions,
        groups: groups.count(),
        marks: compiler.marks,
    })
}

struct Compiler<'a> {
    instructions: Vec<Instruction>,
    marks: usize,
    visits: usize,
    groups: &'a Groups,
}

impl Compiler<'_> {
    fn tree(&mut self, tree: &Tree, direction: Direction) -> Result<(), PatternError> {
        self.visits += 1;
        if self.visits > MOST_VISITS {
            return Err(too_large());
        }
        match tree {
            Tree::Empty => Ok(()),
            Tree::Character(class) => self.push(Instruction::Character(class.clone(), direction)),
            Tree::Assertion(assertion) => self.push(Instruction::Assertion(*assertion)),
            Tree::Sequence(trees) => self.sequence(trees, direction),
            Tree::Alternatives(trees) => self.alternatives(trees, direction),
            Tree::Repetition(repetition) => self.repetition(repetition, direction),
            Tree::Group(group, inner) => self.group(*group, inner, direction),
            Tree::Atomic(inner) => {
                self.nested(|target| Instruction::Atomic { target }, inner, direction)
            }
            Tree::Look(Look { direction, wanted }, inner) => {
                let wanted = *wanted;
                self.nested(
                    |target| Instruction::Look { wanted, target },
                    inner,
                    *direction,
                )
            }
            Tree::Backreference(name, case) => {
                let group = self.resolve(name)?;
                self.push(Instruction::Backreference(group, *case, direction))
            }
            Tree::Conditional(name, branches) => self.conditional(name, branches, direction),
        }
    }

    fn sequence(&mut self, trees: &[Tree], direction: Direction) -> Result<(), PatternError> {
        match direction {
            Direction::Forward => trees.iter().try_for_each(|tree| self.tree(tree, direction)),
            Direction::Backward => {
                let mut reversed = trees.iter().rev();
                reversed.try_for_each(|tree| self.tree(tree, direction))
            }
        }
    }

    fn alternatives(&mut self, trees: &[Tree], direction: Direction) -> Result<(), PatternError> {
        let mut jumps = Vec::new();
        for (index, tree) in trees.iter().enumerate() {
            if index + 1 == trees.len() {
                self.tree(tree, direction)?;
                break;
            }
            let split = self.reserve()?;
            self.tree(tree, direction)?;
            jumps.push(self.reserve()?);
            self.instructions[split] = Instruction::Split(split + 1, self.here());
        }
        for jump in jumps {
            self.instructions[jump] = Instruction::Jump(self.here());
        }
        Ok(())
    }

    fn repetition(
        &mut self,
        repetition: &Repetition,
        direction: Direction,
    ) -> Result<(), PatternError> {
        if repetition.most == Some(0) {
            // Written once for its mistakes, such as references to groups that do not exist.
            let start = self.here();
            self.tree(&repetition.tree, direction)?;
            self.instructions.truncate(start);
            return Ok(());
        }
        for _ in 0..repetition.least {
            self.tree(&repetition.tree, direction)?;
        }
        match repetition.most {
            None => self.unbounded(repetition, direction),
            Some(most) => self.optional(repetition, most - repetition.least, direction),
        }
    }

    /// Again and again, but not after a time that read nothing.
    fn unbounded(
        &mut self,
        repetition: &Repetition,
        direction: Direction,
    ) -> Result<(), PatternError> {
        let split = self.reserve()?;
        let mark = self.new_mark();
        self.push(Instruction::Mark(mark))?;
        self.tree(&repetition.tree, direction)?;
        self.push(Instruction::JumpUnlessEmpty {
            mark,
            target: split,
        })?;
        self.instructions[split] = split_to(repetition.greed, split + 1, self.here());
        Ok(())
    }

    /// Up to so many times more.
    fn optional(
        &mut self,
        repetition: &Repetition,
        times: usize,
        direction: Direction,
    ) -> Result<(), PatternError> {
        let mut splits = Vec::new();
        for _ in 0..times {
            splits.push(self.reserve()?);
            self.tree(&repetition.tree, direction)?;
        }
        for split in splits {
            self.instructions[split] = split_to(repetition.greed, split + 1, self.here());
        }
        Ok(())
    }

    fn group(
        &mut self,
        group: usize,
        inner: &Tree,
        direction: Direction,
    ) -> Result<(), PatternError> {
        let mark = self.new_mark();
        self.push(Instruction::Mark(mark))?;
        self.tree(inner, direction)?;
        self.push(Instruction::Capture { group, mark })
    }

    fn nested(
        &mut self,
        instruction: impl FnOnce(usize) -> Instruction,
        inner: &Tree,
        direction: Direction,
    ) -> Result<(), PatternError> {
        let start = self.reserve()?;
        self.tree(inner, direction)?;
        self.push(Instruction::Done)?;
        self.instructions[start] = instruction(self.here());
        Ok(())
    }

    fn conditional(
        &mut self,
        name: &GroupName,
        [matched, unmatched]: &[Tree; 2],
        direction: Direction,
    ) -> Result<(), PatternError> {
        let group = self.resolve(name)?;
        let start = self.reserve()?;
        self.tree(matched, direction)?;
        let jump = self.reserve()?;
        let target = self.here();
        self.instructions[start] = Instruction::UnlessCaptured { group, target };
        self.tree(unmatched, direction)?;
        self.instructions[jump] = Instruction::Jump(self.here());
        Ok(())
    }

    fn resolve(&self, name: &GroupName) -> Result<usize, PatternError> {
        self.groups.resolve(name).ok_or_else(|| PatternError {
            position: 1,
            message: match name {
                GroupName::Number(number) => format!("There is no group {number}."),
                GroupName::Name(name) => format!("There is no group {name}."),
            },
        })
    }

    fn new_mark(&mut self) -> usize {
        self.marks += 1;
        self.marks - 1
    }

    fn here(&self) -> usize {
        self.instructions.len()
    }

    /// A place to be filled in when the target is known.
    fn reserve(&mut self) -> Result<usize, PatternError> {
        self.push(Instruction::Done)?;
        Ok(self.here() - 1)
    }

    fn push(&mut self, instruction: Instruction) -> Result<(), PatternError> {
        if self.here() >= MOST_INSTRUCTIONS {
            return Err(too_large());
        }
        self.instructions.push(instruction);
        Ok(())
    }
}

fn too_large() -> PatternError {
    PatternError {
        position: 1,
        message: "The pattern is too large: it repeats too much too often.".to_owned(),
    }
}

fn split_to(greed: Greed, again: usize, on: usize) -> Instruction {
    match greed {
        Greed::Greedy => Instruction::Split(again, on),
        Greed::Lazy => Instruction::Split(on, again),
    }
}
