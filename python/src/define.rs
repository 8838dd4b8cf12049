//! Functions and classes.

use std::rc::Rc;

use ruff_python_ast::{Expr, StmtClassDef, StmtFunctionDef};

use crate::fault::{Outcome, unfit};
use crate::machine::Machine;
use crate::refused::is_in_nn;
use crate::value::{Access, Attributes, Body, Class, Function, Scope, Value};

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
        scope.set(definition.name.as_str(), Value::Function(function));
        Ok(())
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
        scope.set(definition.name.as_str(), Value::Class(Rc::clone(&class)));
        self.classes.push((class, definition));
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
}
