//! The PostgreSQL protocol, for analysts: their tools speak it.
