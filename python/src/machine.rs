//! The interpreter: what it holds, its budgets, and statements.

use std::rc::Rc;

use ruff_python_ast::{Expr, ModModule, Stmt, StmtClassDef, StmtIf, StmtTry};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::imported::imported;
use crate::recipe::Recipe;
use crate::source::place;
use crate::tensor::Graph;
use crate::value::{Class, Function, Object, Scope, Value};

/// The most steps that are made of one text, values made counted.
const MOST_STEPS: usize = 3_000_000;
/// As many a statement of the module may take, and one that is a loop: no network is made in one that trains.
pub(crate) const MOST_OF_STATEMENT: usize = 1_000_000;
const MOST_OF_LOOP: usize = 100_000;
/// How deep calls may lie in one another.
const DEEPEST_CALL: usize = 40;
/// How deep expressions, statements and calls may.
const DEEPEST: usize = 220;

/// What comes after a statement.
pub(crate) enum Next<'a> {
    On,
    Return(Value<'a>),
    Break,
    Continue,
}

/// An interpreter with the names of one text.
pub(crate) struct Machine<'a> {
    pub(crate) globals: Rc<Scope<'a>>,
    pub(crate) steps: usize,
    limit: usize,
    depth: usize,
    pub(crate) calls: usize,
    /// The network that is being traced.
    pub(crate) graph: Option<Graph>,
    /// Modules in the order in which they were made, by the text and not within another one.
    pub(crate) roots: Vec<Rc<Object<'a>>>,
    /// How many constructors are running.
    pub(crate) building: usize,
    pub(crate) objects: usize,
    /// Classes of the text, in order.
    pub(crate) classes: Vec<(Rc<Class<'a>>, &'a StmtClassDef)>,
    /// Functions of the text, in order.
    pub(crate) functions: Vec<Rc<Function<'a>>>,
    /// What the text says of training.
    pub(crate) recipe: Recipe,
    pub(crate) torch: Vec<Rc<Class<'a>>>,
    /// What makes a network whose layers are not in the text: its name, and where it is called.
    pub(crate) elsewhere: Option<(String, (usize, usize))>,
    /// The first fault of the module's own statements, and whether one of PyTorch's layers stands in that statement.
    pub(crate) passed_over: Option<(bool, Box<ReadingFault>)>,
    /// Classes that the text makes an object of in a way that PyTorch refuses.
    pub(crate) refused: Vec<(Rc<Class<'a>>, Box<ReadingFault>)>,
    /// How often one of PyTorch's layers was looked up.
    pub(crate) looked: usize,
    /// What a script takes from its command line, with what each is by default.
    pub(crate) settings: Vec<(Rc<str>, Value<'a>)>,
    /// Classes of the data that the network is read for.
    pub(crate) classes_of_data: usize,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(classes: usize) -> Self {
        let globals = Rc::new(Scope::default());
        for (name, path) in [
            ("torch", "torch"),
            ("nn", "torch.nn"),
            ("F", "torch.nn.functional"),
            ("math", "math"),
        ] {
            globals
                .names
                .borrow_mut()
                .insert(name.into(), Value::known(path));
        }
        globals.set("__name__", Value::text("__main__"));
        Self {
            globals,
            steps: 0,
            limit: MOST_STEPS,
            depth: 0,
            calls: 0,
            graph: None,
            roots: Vec::new(),
            building: 0,
            objects: 0,
            classes: Vec::new(),
            functions: Vec::new(),
            recipe: Recipe::default(),
            torch: Vec::new(),
            elsewhere: None,
            passed_over: None,
            refused: Vec::new(),
            looked: 0,
            settings: Vec::new(),
            classes_of_data: classes,
        }
    }

    /// Runs the module. What fails in it is passed over: most of a script is no network.
    pub(crate) fn module(&mut self, module: &'a ModModule) -> Outcome<()> {
        let scope = Rc::clone(&self.globals);
        self.passing_over(&module.body, &scope)
    }

    fn passing_over(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> Outcome<()> {
        for statement in body {
            match statement {
                Stmt::If(condition) => {
                    let taken = self
                        .branch(condition, scope)
                        .unwrap_or(Some(&condition.body));
                    self.passing_over(taken.unwrap_or_default(), scope)?;
                    continue;
                }
                Stmt::With(with) => {
                    self.passing_over(&with.body, scope)?;
                    continue;
                }
                Stmt::Try(attempt) => {
                    self.passing_over(&attempt.body, scope)?;
                    continue;
                }
                _ => {}
            }
            let is_loop = matches!(statement, Stmt::For(_) | Stmt::While(_));
            if let Stmt::For(repeated) = statement {
                self.recipe.loops(repeated);
            }
            let most = if is_loop {
                MOST_OF_LOOP
            } else {
                MOST_OF_STATEMENT
            };
            let looked = self.looked;
            let done = self.within_steps(most, |machine| machine.statement(statement, scope));
            self.building = 0;
            if let Err(fault) = done {
                if fault.cause == ReadingCause::TooMuch && self.steps >= self.limit {
                    return Err(fault);
                }
                // The first that has to do with a network is the one that is told, if none is found; what is not followed comes
                // before the name that it would have given a value.
                let is_of_layers = self.looked > looked;
                let follows = fault.cause == ReadingCause::Name;
                match &mut self.passed_over {
                    Some((known, first))
                        if *known
                            || !is_of_layers
                            || follows && first.cause == ReadingCause::Language =>
                    {
                        *known |= is_of_layers;
                    }
                    other => *other = Some((is_of_layers, fault)),
                }
            }
        }
        Ok(())
    }

    /// Does something that may take no more than so many steps.
    pub(crate) fn within_steps<T>(
        &mut self,
        most: usize,
        what: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let limit = self.limit;
        self.limit = limit.min(self.steps.saturating_add(most));
        let done = what(self);
        self.limit = limit;
        done
    }

    /// Begins another part of the work, with all steps before it.
    pub(crate) fn afresh(&mut self) {
        self.steps = 0;
    }

    /// Takes so many steps.
    pub(crate) fn charge(&mut self, steps: usize) -> Outcome<()> {
        self.steps = self.steps.saturating_add(steps);
        match self.steps > self.limit {
            true => Err(ReadingFault::new(ReadingCause::TooMuch)),
            false => Ok(()),
        }
    }

    /// Does what calls itself, if that is not too deep.
    pub(crate) fn deeper<T>(&mut self, what: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.depth >= DEEPEST || self.calls > DEEPEST_CALL {
            return Err(ReadingFault::new(ReadingCause::TooDeep).with("limit", DEEPEST_CALL));
        }
        self.depth += 1;
        let done = what(self);
        self.depth -= 1;
        done
    }

    pub(crate) fn block(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> Outcome<Next<'a>> {
        for statement in body {
            match self.deeper(|machine| machine.statement(statement, scope))? {
                Next::On => {}
                next => return Ok(next),
            }
        }
        Ok(Next::On)
    }

    fn statement(&mut self, statement: &'a Stmt, scope: &Rc<Scope<'a>>) -> Outcome<Next<'a>> {
        self.charge(1)?;
        let done = self.unplaced(statement, scope);
        done.map_err(|fault| {
            let (start, end) = place(statement);
            fault.placed(start, end)
        })
    }

    fn unplaced(&mut self, statement: &'a Stmt, scope: &Rc<Scope<'a>>) -> Outcome<Next<'a>> {
        match statement {
            Stmt::FunctionDef(definition) => self.define(definition, scope)?,
            Stmt::ClassDef(definition) => self.class(definition, scope)?,
            Stmt::Return(end) => {
                let value = end.value.as_ref().map(|value| self.value(value, scope));
                return Ok(Next::Return(value.transpose()?.unwrap_or(Value::None)));
            }
            Stmt::Assign(assigned) => {
                let value = self.value(&assigned.value, scope)?;
                for target in &assigned.targets {
                    self.assign(target, value.clone(), scope)?;
                }
            }
            Stmt::AnnAssign(assigned) => {
                if let Some(value) = &assigned.value {
                    let value = self.value(value, scope)?;
                    self.assign(&assigned.target, value, scope)?;
                }
            }
            Stmt::AugAssign(assigned) => {
                let before = self.value(&assigned.target, scope)?;
                let more = self.value(&assigned.value, scope)?;
                let after = self.augmented(assigned.op, before, more)?;
                self.assign(&assigned.target, after, scope)?;
            }
            Stmt::For(repeated) => {
                let values = self.value(&repeated.iter, scope)?;
                let values = self.iterate(&values)?;
                for value in values {
                    self.charge(1)?;
                    self.assign(&repeated.target, value, scope)?;
                    match self.block(&repeated.body, scope)? {
                        Next::On | Next::Continue => {}
                        Next::Break => return Ok(Next::On),
                        end => return Ok(end),
                    }
                }
                return self.block(&repeated.orelse, scope);
            }
            Stmt::While(repeated) => {
                while self.truth(&repeated.test, scope)? {
                    self.charge(1)?;
                    match self.block(&repeated.body, scope)? {
                        Next::On | Next::Continue => {}
                        Next::Break => return Ok(Next::On),
                        end => return Ok(end),
                    }
                }
            }
            Stmt::If(condition) => {
                let taken = self.branch(condition, scope)?;
                return self.block(taken.unwrap_or_default(), scope);
            }
            Stmt::With(with) => return self.block(&with.body, scope),
            Stmt::Try(attempt) => return self.attempt(attempt, scope),
            Stmt::Raise(raise) => {
                let what = raise.exc.as_ref().map(|what| place(&**what));
                let fault = ReadingFault::new(ReadingCause::Raised);
                return Err(match what {
                    Some((start, end)) => fault.placed(start, end),
                    None => fault,
                });
            }
            Stmt::Assert(claim) => {
                // What cannot be known is taken to be as it should.
                if matches!(self.truth(&claim.test, scope), Ok(false)) {
                    return Err(ReadingFault::new(ReadingCause::Raised));
                }
            }
            Stmt::Expr(alone) => {
                self.value(&alone.value, scope)?;
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let path = alias.name.as_str();
                    let (name, path) = match &alias.asname {
                        Some(name) => (name.as_str(), path),
                        // `import torch.nn` makes the name `torch`.
                        None => path
                            .split_once('.')
                            .map_or((path, path), |(first, _)| (first, first)),
                    };
                    scope.set(name, imported(path));
                }
            }
            Stmt::ImportFrom(import) => {
                let from = import.module.as_ref().map_or("", |module| module.as_str());
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if alias.name.as_str() != "*" {
                        scope.set(name, imported(&format!("{from}.{}", alias.name.as_str())));
                    }
                }
            }
            Stmt::Global(names) => self.elsewhere(&names.names, scope),
            Stmt::Nonlocal(names) => self.elsewhere(&names.names, scope),
            Stmt::Break(_) => return Ok(Next::Break),
            Stmt::Continue(_) => return Ok(Next::Continue),
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) | Stmt::Delete(_) | Stmt::TypeAlias(_) => {}
            Stmt::Match(matched) => return self.matched(matched, scope),
        }
        Ok(Next::On)
    }

    fn elsewhere(&self, names: &[ruff_python_ast::Identifier], scope: &Scope<'a>) {
        let names = names.iter().map(|name| name.as_str().into());
        scope.elsewhere.borrow_mut().extend(names);
    }

    /// Whether a condition holds. What cannot be known does not where no network is made: `if args.save:` in a script's `main`.
    fn holds(&mut self, test: &'a Expr, scope: &Rc<Scope<'a>>) -> Outcome<bool> {
        let is_script = self.building == 0 && self.graph.is_none();
        match self.truth(test, scope) {
            Err(fault) if is_script && fault.cause == ReadingCause::Unknown => Ok(false),
            done => done,
        }
    }

    /// The body of the condition that holds.
    fn branch(
        &mut self,
        condition: &'a StmtIf,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Option<&'a [Stmt]>> {
        if self.holds(&condition.test, scope)? {
            return Ok(Some(&condition.body));
        }
        for clause in &condition.elif_else_clauses {
            let holds = clause.test.as_ref().map(|test| self.holds(test, scope));
            if holds.transpose()?.unwrap_or(true) {
                return Ok(Some(&clause.body));
            }
        }
        Ok(None)
    }

    fn attempt(&mut self, attempt: &'a StmtTry, scope: &Rc<Scope<'a>>) -> Outcome<Next<'a>> {
        let done = match self.block(&attempt.body, scope) {
            Err(fault) if fault.cause != ReadingCause::TooMuch && !attempt.handlers.is_empty() => {
                let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = &attempt.handlers[0];
                self.block(&handler.body, scope)?
            }
            done => match done? {
                Next::On => self.block(&attempt.orelse, scope)?,
                next => next,
            },
        };
        match self.block(&attempt.finalbody, scope)? {
            Next::On => Ok(done),
            next => Ok(next),
        }
    }
}
