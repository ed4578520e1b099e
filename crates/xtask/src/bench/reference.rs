//! Figures of others, quoted from issue 3. They were measured on another day and are not measured here.

/// The heads of the columns.
pub(crate) const HEADS: [&str; 5] = ["run", "stripped MB", "peak MB", "CPU ms", "own wall ms"];

/// The best known Go job for the same contract, one curl process, and a Rust client without a framework.
pub(crate) const ROWS: [[&str; 5]; 6] = [
    ["Go, JFrog create (4 requests / 3 connections), full CA directory", "11.0", "15.3", "31.6", "29.3"],
    ["Go, JFrog create, one private CA", "11.0", "12.1", "14.6", "14.0"],
    ["Go, certificate ECDSA (2 / 2), full / private", "10.6", "14.9 / 11.7", "25.3 / 13.1", "23.7 / 12.3"],
    ["Go, certificate RSA, full / private", "10.6", "15.5 / 12.5", "116 / 103", "116 / 102"],
    ["curl, same requests", "-", "12.3", "about 18", "18 to 25"],
    ["a bare Rust client, POST + PUT, no logging", "3.0", "2.7", "1.2", "2.0"],
];
