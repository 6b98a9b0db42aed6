//! One route: its name, who may call it, what goes in and out, and who answers.

use crate::{Access, Server};
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Arc;

/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// See the module.
pub struct Route {
    /// GET, POST …
    pub method: Method,
    /// With parameters as `{name}`.
    pub path: &'static str,
    /// Unique, in `snake_case`: the name of the function in generated clients.
    pub id: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Parameters of the query, as an object.
    pub query: Option<SchemaOf>,
    /// The body.
    pub body: Option<SchemaOf>,
    /// The answer in JSON.
    pub answer: Option<SchemaOf>,
    pub(crate) handler: MethodRouter<Arc<Server>>,
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Route {
    fn new<H, T>(method: Method, filter: MethodFilter, path: &'static str, id: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<Server>>,
        T: 'static,
    {
        let handler = on(filter, handler);
        // Closed until the route says who may.
        let access = Access::Unsaid;
        Self { method, path, id, summary: "", access, query: None, body: None, answer: None, handler }
    }

    /// A GET.
    pub(crate) fn get<H: Handler<T, Arc<Server>>, T: 'static>(
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::GET, MethodFilter::GET, path, id, handler)
    }

    /// A POST.
    pub(crate) fn post<H: Handler<T, Arc<Server>>, T: 'static>(
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::POST, MethodFilter::POST, path, id, handler)
    }

    /// A PUT.
    pub(crate) fn put<H: Handler<T, Arc<Server>>, T: 'static>(
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::PUT, MethodFilter::PUT, path, id, handler)
    }

    /// A PATCH.
    pub(crate) fn patch<H: Handler<T, Arc<Server>>, T: 'static>(
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::PATCH, MethodFilter::PATCH, path, id, handler)
    }

    /// A DELETE.
    pub(crate) fn delete<H: Handler<T, Arc<Server>>, T: 'static>(
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::DELETE, MethodFilter::DELETE, path, id, handler)
    }

    /// An OPTIONS, with which a browser asks before it sends to another site.
    pub(crate) fn options<H: Handler<T, Arc<Server>>, T: 'static>(
        path: &'static str,
        id: &'static str,
        handler: H,
    ) -> Self {
        Self::new(Method::OPTIONS, MethodFilter::OPTIONS, path, id, handler)
    }

    /// What it does, in one line.
    pub(crate) fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Who may call it.
    pub(crate) fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// Parameters of the query.
    pub(crate) fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(schema_of::<T>);
        self
    }

    /// What goes in.
    pub(crate) fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(schema_of::<T>);
        self
    }

    /// What comes out.
    pub(crate) fn answers<T: JsonSchema>(mut self) -> Self {
        self.answer = Some(schema_of::<T>);
        self
    }
}
