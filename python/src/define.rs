//! Functions and classes.

use std::rc::Rc;

use ruff_python_ast::{Decorator, Expr, Stmt, StmtClassDef, StmtFunctionDef};

use crate::fault::{Outcome, ReadingCause, unfit};
use crate::machine::Machine;
use crate::refused::is_in_nn;
use crate::value::{Access, Attributes, Body, Class, Function, Given, Object, Scope, Value};

impl<'a> Machine<'a> {
    pub(crate) fn define(
        &mut self,
        definition: &'a StmtFunctionDef,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<()> {
        let mut access = Access::Method;
        for decorator in &definition.decorator_list {
            match &decorator.expression {
                Expr::Name(name) if name.id.as_str() == "staticmethod" => access = Access::Static,
                Expr::Name(name) if name.id.as_str() == "classmethod" => access = Access::Class,
                Expr::Name(name) if name.id.as_str() == "property" => access = Access::Property,
                _ => {}
            }
        }
        let function = self.function(
            definition.name.as_str(),
            Some(&definition.parameters),
            Body::Statements(&definition.body),
            access,
            scope,
        )?;
        if scope.outer.is_none() {
            self.functions.push(Rc::clone(&function));
        }
        let value = Value::Function(function);
        let value = self.decorated(value, &definition.decorator_list, scope)?;
        scope.set(definition.name.as_str(), value);
        Ok(())
    }

    /// What the text's own decorators make of a function or a class. Those from elsewhere leave it as it is.
    fn decorated(
        &mut self,
        mut value: Value<'a>,
        decorators: &'a [Decorator],
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Value<'a>> {
        for decorator in decorators.iter().rev() {
            let function = match self.value(&decorator.expression, scope) {
                Ok(function @ (Value::Function(_) | Value::Bound(_) | Value::Partial(_))) => {
                    function
                }
                Err(fault) if fault.cause == ReadingCause::TooMuch => return Err(fault),
                _ => continue,
            };
            match self.call(&function, Given::of(vec![value.clone()])) {
                Ok(made @ (Value::Function(_) | Value::Class(_) | Value::Partial(_))) => {
                    value = made;
                }
                Err(fault) if fault.cause == ReadingCause::TooMuch => return Err(fault),
                _ => {}
            }
        }
        Ok(value)
    }

    /// A function with the values that its defaults have now.
    pub(crate) fn function(
        &mut self,
        name: &'a str,
        parameters: Option<&'a ruff_python_ast::Parameters>,
        body: Body<'a>,
        access: Access,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Rc<Function<'a>>> {
        let mut defaults = std::collections::BTreeMap::new();
        if let Some(parameters) = parameters {
            let lists = [
                &parameters.posonlyargs,
                &parameters.args,
                &parameters.kwonlyargs,
            ];
            for parameter in lists.into_iter().flatten() {
                if let Some(default) = &parameter.default {
                    let value = self.value(default, scope)?;
                    defaults.insert(parameter.parameter.name.as_str(), value);
                }
            }
        }
        let (scope, class) = (Rc::clone(scope), None.into());
        Ok(Rc::new(Function {
            name,
            parameters,
            defaults,
            body,
            scope,
            class,
            access,
        }))
    }

    pub(crate) fn class(
        &mut self,
        definition: &'a StmtClassDef,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<()> {
        let mut order: Vec<Rc<Class<'a>>> = Vec::new();
        for base in definition
            .arguments
            .iter()
            .flat_map(|arguments| &arguments.args)
        {
            let base = match self.value(base, scope)? {
                Value::Class(class) => class,
                Value::Known(path) if *path == *"object" => continue,
                // What trains a module is one.
                Value::Unknown(path) if path.ends_with("LightningModule") => {
                    self.torch_class("Module", true)
                }
                Value::Known(path) | Value::Unknown(path) => {
                    let name = path.rsplit('.').next().unwrap_or(&path);
                    let is_torch = path.starts_with("torch.nn.");
                    if is_torch {
                        is_in_nn(name)?;
                    }
                    self.torch_class(&path, is_torch)
                }
                other => return unfit(format!("class ← {}", other.kind())),
            };
            for class in base.lineage() {
                self.charge(1)?;
                // What several inherit from comes behind all of them.
                order.retain(|known| !Rc::ptr_eq(known, &class));
                order.push(class);
            }
        }
        let class = Rc::new(Class {
            name: definition.name.as_str().into(),
            order: order.into(),
            attributes: Attributes::default().into(),
            is_torch: false,
        });
        let inside = Scope::within(scope);
        self.block(&definition.body, &inside)?;
        for (name, value) in inside.names.borrow().iter() {
            if let Value::Function(function) = value {
                function
                    .class
                    .borrow_mut()
                    .get_or_insert_with(|| Rc::clone(&class));
            }
            class.attributes.borrow_mut().set(name, value.clone());
        }
        let value = Value::Class(Rc::clone(&class));
        self.classes.push((class, definition));
        let value = self.decorated(value, &definition.decorator_list, scope)?;
        scope.set(definition.name.as_str(), value);
        Ok(())
    }

    /// PyTorch's class of this name, or one from elsewhere.
    pub(crate) fn torch_class(&mut self, path: &str, is_torch: bool) -> Rc<Class<'a>> {
        let name = match is_torch {
            true => path.rsplit('.').next().unwrap_or(path),
            false => path,
        };
        if let Some(known) = self.torch.iter().find(|class| *class.name == *name) {
            return Rc::clone(known);
        }
        let class = Rc::new(Class {
            name: name.into(),
            order: Vec::new().into(),
            attributes: Attributes::default().into(),
            is_torch,
        });
        self.torch.push(Rc::clone(&class));
        class
    }

    /// The fields of a class that has no constructor of its own, as a data class: from the arguments, in the order in which they
    /// stand in the class.
    pub(crate) fn filled(&mut self, object: &Object<'a>, given: Given<'a>) -> Outcome<Value<'a>> {
        let mut names: Vec<&str> = Vec::new();
        for class in object.class.lineage().iter().rev() {
            let known = self
                .classes
                .iter()
                .find(|(known, _)| Rc::ptr_eq(known, class));
            for statement in known.map_or(&[][..], |(_, definition)| &definition.body[..]) {
                self.steps += 1;
                if let Stmt::AnnAssign(field) = statement
                    && let Expr::Name(name) = &*field.target
                    && !names.contains(&name.id.as_str())
                {
                    names.push(name.id.as_str());
                }
            }
        }
        let mut attributes = object.attributes.borrow_mut();
        for (name, value) in names.iter().zip(given.values) {
            attributes.set(name, value);
        }
        for (name, value) in given
            .named
            .iter()
            .filter(|(name, _)| names.contains(&&**name))
        {
            attributes.set(name, value.clone());
        }
        Ok(Value::None)
    }
}
