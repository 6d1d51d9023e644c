//! Where an artifact lies: a path below its package's root, then the chain of members inside containers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The address of an artifact. `/` between folders whatever the platform, `!/` between a container and its member.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    path: String,
    members: Vec<String>,
}

impl Address {
    /// The address of a file, by its path relative to the package root, `/` between folders.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), members: Vec::new() }
    }

    /// The address of a member of this artifact.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let mut members = self.members.clone();
        members.push(name.to_owned());
        Self { path: self.path.clone(), members }
    }

    /// The path of the outermost file, relative to the package root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How many containers lie around the artifact.
    pub fn depth(&self) -> usize {
        self.members.len()
    }

    /// The last name: the member's, or the file's own.
    pub fn name(&self) -> &str {
        self.members
            .last()
            .map_or_else(|| self.path.rsplit('/').next().unwrap_or_default(), String::as_str)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        self.members.iter().try_for_each(|member| write!(f, "!/{member}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_passes_through_containers() {
        let annex = Address::new("out/set.zip").member("mail.eml").member("annex.pdf");
        assert_eq!(annex.to_string(), "out/set.zip!/mail.eml!/annex.pdf");
        assert_eq!((annex.name(), annex.depth()), ("annex.pdf", 2));
    }
}
