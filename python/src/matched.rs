//! `match` and its patterns.

use std::rc::Rc;

use ruff_python_ast::{Pattern, Singleton, StmtMatch};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::{Machine, Next};
use crate::value::{Scope, Value, unknown};

impl<'a> Machine<'a> {
    /// The first case that the value fits.
    pub(crate) fn matched(
        &mut self,
        matched: &'a StmtMatch,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Next<'a>> {
        let value = self.value(&matched.subject, scope)?;
        if let Value::Unknown(name) = &value {
            return Err(unknown(name));
        }
        for case in &matched.cases {
            let guard = case.guard.as_ref();
            if self.fits(&case.pattern, &value, scope)?
                && guard.map_or(Ok(true), |guard| self.truth(guard, scope))?
            {
                return self.block(&case.body, scope);
            }
        }
        Ok(Next::On)
    }

    /// Whether a value fits a pattern; names in it are given their values.
    fn fits(
        &mut self,
        pattern: &'a Pattern,
        value: &Value<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<bool> {
        self.charge(1)?;
        self.deeper(|machine| {
            Ok(match pattern {
                Pattern::MatchValue(wanted) => {
                    let wanted = machine.value(&wanted.value, scope)?;
                    value.equals(&wanted)
                }
                Pattern::MatchSingleton(wanted) => match wanted.value {
                    Singleton::None => matches!(value, Value::None),
                    Singleton::True => matches!(value, Value::Bool(true)),
                    Singleton::False => matches!(value, Value::Bool(false)),
                },
                Pattern::MatchAs(named) => {
                    let inner = named.pattern.as_ref();
                    let fits = inner.map_or(Ok(true), |inner| machine.fits(inner, value, scope))?;
                    if let (true, Some(name)) = (fits, &named.name) {
                        scope.set(name.as_str(), value.clone());
                    }
                    fits
                }
                Pattern::MatchOr(either) => {
                    for one in &either.patterns {
                        if machine.fits(one, value, scope)? {
                            return Ok(true);
                        }
                    }
                    false
                }
                Pattern::MatchSequence(parts) => {
                    let is_starred = |part: &Pattern| part.is_match_star();
                    let values = match value {
                        Value::List(_) | Value::Tuple(_) => machine.iterate(value)?,
                        _ => return Ok(false),
                    };
                    if parts.patterns.iter().any(is_starred) {
                        return Err(followed("match [*…]"));
                    }
                    if parts.patterns.len() != values.len() {
                        return Ok(false);
                    }
                    for (part, value) in parts.patterns.iter().zip(&values) {
                        if !machine.fits(part, value, scope)? {
                            return Ok(false);
                        }
                    }
                    true
                }
                Pattern::MatchClass(wanted)
                    if wanted.arguments.patterns.is_empty()
                        && wanted.arguments.keywords.is_empty() =>
                {
                    let class = machine.value(&wanted.cls, scope)?;
                    machine.is_instance(value, &class)?
                }
                _ => return Err(followed("match")),
            })
        })
    }
}

fn followed(what: &str) -> Box<ReadingFault> {
    ReadingFault::new(ReadingCause::Language).with("what", what)
}
