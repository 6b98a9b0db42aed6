//! The description of the API, made of the table of routes.

use crate::access::Access;
use crate::error::ErrorBody;
use crate::{Route, all};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The whole description, in OpenAPI 3.1.
#[must_use]
pub fn openapi() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let error = generator.subschema_for::<ErrorBody<'static>>();
    let mut paths: Map<String, Value> = Map::new();
    for route in all() {
        let operation = operation(&route, &mut generator, error.as_value());
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Perennial", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "Apache-2.0" } },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "perennial_session" },
                "token": { "type": "http", "scheme": "bearer" },
                "write_key": { "type": "http", "scheme": "basic" },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator, error: &Value) -> Value {
    let mut parameters: Vec<Value> = route.path.split('/').filter_map(path_parameter).collect();
    if let Some(query) = route.query {
        let schema = query(generator);
        parameters.extend(query_parameters(schema.as_value(), generator));
    }
    let mut answer = json!({ "description": "done" });
    if let Some(schema) = route.answer {
        answer["content"] = json!({ "application/json": { "schema": schema(generator).to_value() } });
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {
            "200": answer,
            "default": { "description": "what is wrong", "content": { "application/json": { "schema": error } } },
        },
        "security": security(route.access),
    });
    if let Access::Needs(permission) | Access::Near(permission) = route.access {
        operation["x-permission"] = json!(permission.as_str());
    }
    if let Some(schema) = route.body {
        let schema = schema(generator).to_value();
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    operation
}

fn security(access: Access) -> Value {
    match access {
        Access::Public => json!([]),
        Access::WriteKey => json!([{ "write_key": [] }]),
        Access::SignedIn | Access::Needs(_) | Access::Near(_) | Access::Unsaid => {
            json!([{ "session": [] }, { "token": [] }])
        }
    }
}

fn path_parameter(part: &str) -> Option<Value> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    Some(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
}

/// Each member of the query's object is a parameter.
fn query_parameters(schema: &Value, generator: &SchemaGenerator) -> Vec<Value> {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    let object = name.and_then(|name| generator.definitions().get(name)).unwrap_or(schema);
    let required = object["required"].as_array().cloned().unwrap_or_default();
    let Some(members) = object["properties"].as_object() else { return Vec::new() };
    let parameter = |(name, schema): (&String, &Value)| {
        json!({ "name": name, "in": "query", "required": required.contains(&json!(name)),
                "description": schema["description"], "schema": schema })
    };
    members.iter().map(parameter).collect()
}
