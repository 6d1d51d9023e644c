//! Names: interned once, checked once, and resolved against the namespaces in scope.

use super::chars::{is_name, is_qualified_name};
use super::shape::{Family, Role, role};
use crate::model::DocumentBuilder;
use std::borrow::Cow;
use std::collections::HashMap;

/// How many different names a document may use before obstat stops telling them apart.
const MAX_NAMES: usize = 200_000;
/// How many namespace declarations may be in scope at once.
const MAX_BINDINGS: usize = 1024;

const CACHE: usize = 512;
const NONE: u32 = u32::MAX;

/// A name as written, prefix and all.
struct Written<'a> {
    text: &'a str,
    /// Whether it is well formed.
    valid: bool,
    /// What it stands for as an element and as an attribute, and in which scope that was found.
    element: (u32, u32),
    attribute: (u32, u32),
    /// The last start tag that it was an attribute of.
    last_tag: u32,
}

/// A name as meant: local name and namespace.
struct Meant {
    builder_name: u32,
    local: u32,
    role: Role,
    html: bool,
    last_tag: u32,
}

/// What there is to know of an element's name.
#[derive(Clone, Copy)]
pub(super) struct ElementName {
    /// Its number in the document builder.
    pub(super) name: u32,
    /// The same for all elements of this local name.
    pub(super) local: u32,
    /// What it means for the flow of text.
    pub(super) role: Role,
    /// Whether it is an element of XHTML.
    pub(super) html: bool,
}

#[derive(Clone, Copy)]
struct Binding<'a> {
    prefix: &'a str,
    namespace: u32,
    /// The scope outside it.
    outer: u32,
}

/// All names of a document.
pub(super) struct Names<'a> {
    /// Numbers of written names, by a cheap hash; a miss falls back on `by_text`, whose hash is keyed.
    cache: Vec<u32>,
    by_text: HashMap<&'a str, u32>,
    written: Vec<Written<'a>>,
    by_meaning: HashMap<(bool, u32, &'a str), u32>,
    meant: Vec<Meant>,
    locals: HashMap<&'a str, u32>,
    namespaces: HashMap<Cow<'a, str>, u32>,
    uris: Vec<Cow<'a, str>>,
    bindings: Vec<Binding<'a>>,
    scope: u32,
    scopes: u32,
    root_seen: bool,
    /// The family of the document, once its root is known.
    pub(super) family: Family,
    /// Whether a limit was met.
    pub(super) over_budget: bool,
}

impl<'a> Names<'a> {
    pub(super) fn new() -> Self {
        Self {
            cache: vec![NONE; CACHE],
            by_text: HashMap::new(),
            written: Vec::new(),
            by_meaning: HashMap::new(),
            meant: Vec::new(),
            locals: HashMap::new(),
            namespaces: HashMap::new(),
            uris: Vec::new(),
            bindings: Vec::new(),
            scope: 0,
            scopes: 0,
            root_seen: false,
            family: Family::Generic,
            over_budget: false,
        }
    }

    /// The number of a written name.
    pub(super) fn intern(&mut self, text: &'a str) -> u32 {
        let slot = cheap_hash(text);
        let cached = self.cache.get(slot).copied().unwrap_or(NONE);
        if self.written.get(cached as usize).is_some_and(|written| written.text == text) {
            return cached;
        }
        let number = match self.by_text.get(text) {
            Some(&number) => number,
            None => self.add(text),
        };
        if let Some(entry) = self.cache.get_mut(slot) {
            *entry = number;
        }
        number
    }

    fn add(&mut self, text: &'a str) -> u32 {
        if self.written.len() >= MAX_NAMES {
            self.over_budget = true;
            return NONE;
        }
        let number = index(self.written.len());
        let valid = is_name(text) && is_qualified_name(text);
        let unknown = (NONE, NONE);
        self.written.push(Written {
            text,
            valid,
            element: unknown,
            attribute: unknown,
            last_tag: NONE,
        });
        self.by_text.insert(text, number);
        number
    }

    /// Whether a written name is well formed.
    pub(super) fn is_valid(&self, written: u32, text: &str) -> bool {
        match self.written.get(written as usize) {
            Some(written) => written.valid,
            None => is_name(text) && is_qualified_name(text),
        }
    }

    /// Opens a scope with one more namespace declaration.
    pub(super) fn bind(
        &mut self,
        prefix: &'a str,
        uri: Cow<'a, str>,
        builder: &mut DocumentBuilder,
    ) {
        if self.bindings.len() >= MAX_BINDINGS {
            self.over_budget = true;
            return;
        }
        let namespace = self.namespace(uri, builder);
        self.bindings.push(Binding { prefix, namespace, outer: self.scope });
        self.scopes += 1;
        self.scope = self.scopes;
    }

    /// How many declarations are in scope: to be handed to `leave` later.
    pub(super) fn depth(&self) -> u32 {
        index(self.bindings.len())
    }

    /// Leaves all scopes beyond the first `depth` declarations.
    pub(super) fn leave(&mut self, depth: u32) {
        while self.bindings.len() > depth as usize {
            if let Some(binding) = self.bindings.pop() {
                self.scope = binding.outer;
            }
        }
    }

    /// What an element's name means.
    pub(super) fn element(
        &mut self,
        written: u32,
        text: &'a str,
        builder: &mut DocumentBuilder,
    ) -> ElementName {
        let known = self.written.get(written as usize).map(|written| written.element);
        let text = if known.is_some() { text } else { "*" };
        let meaning = match known {
            Some((scope, meaning)) if scope == self.scope => meaning,
            _ => {
                let (prefix, local) = text.split_once(':').unwrap_or(("", text));
                let namespace = self.lookup(prefix);
                let meaning = self.meaning(false, namespace, local, builder);
                if let Some(entry) = self.written.get_mut(written as usize) {
                    entry.element = (self.scope, meaning);
                }
                meaning
            }
        };
        self.meant.get(meaning as usize).map_or(
            ElementName { name: NONE, local: NONE, role: Role::Unknown, html: false },
            |meant| ElementName {
                name: meant.builder_name,
                local: meant.local,
                role: meant.role,
                html: meant.html,
            },
        )
    }

    /// What an attribute's name means, as its number in the builder, and whether the start tag with number `tag` has
    /// had it before.
    pub(super) fn attribute(
        &mut self,
        written: u32,
        text: &'a str,
        tag: u32,
        builder: &mut DocumentBuilder,
    ) -> (u32, bool) {
        let Some(entry) = self.written.get_mut(written as usize) else {
            return (self.overflow_name(builder), false);
        };
        let mut twice = std::mem::replace(&mut entry.last_tag, tag) == tag;
        let (scope, mut meaning) = entry.attribute;
        if scope != self.scope {
            let (prefix, local) = text.split_once(':').unwrap_or(("", text));
            let namespace = if prefix.is_empty() { NONE } else { self.lookup(prefix) };
            meaning = self.meaning(true, namespace, local, builder);
            if let Some(entry) = self.written.get_mut(written as usize) {
                entry.attribute = (self.scope, meaning);
            }
        }
        let Some(meant) = self.meant.get_mut(meaning as usize) else {
            return (self.overflow_name(builder), twice);
        };
        // A name without a known namespace is told apart by its prefix already.
        if text.contains(':') {
            twice |= std::mem::replace(&mut meant.last_tag, tag) == tag;
        }
        (meant.builder_name, twice)
    }

    fn overflow_name(&mut self, builder: &mut DocumentBuilder) -> u32 {
        let meaning = self.meaning(true, NONE, "*", builder);
        self.meant.get(meaning as usize).map_or(NONE, |meant| meant.builder_name)
    }

    fn namespace(&mut self, uri: Cow<'a, str>, builder: &mut DocumentBuilder) -> u32 {
        if uri.is_empty() {
            return NONE;
        }
        if let Some(&number) = self.namespaces.get(&uri) {
            return number;
        }
        let number = builder.namespace(&uri);
        self.uris.push(uri.clone());
        self.namespaces.insert(uri, number);
        number
    }

    fn lookup(&self, prefix: &str) -> u32 {
        if prefix == "xmlns" {
            return NONE;
        }
        let bound = self.bindings.iter().rev().find(|binding| binding.prefix == prefix);
        bound.map_or(NONE, |binding| binding.namespace)
    }

    fn meaning(
        &mut self,
        attribute: bool,
        namespace: u32,
        local: &'a str,
        builder: &mut DocumentBuilder,
    ) -> u32 {
        if let Some(&meaning) = self.by_meaning.get(&(attribute, namespace, local)) {
            return meaning;
        }
        let in_namespace = (namespace != NONE).then_some(namespace);
        let builder_name = if attribute {
            builder.name_in(in_namespace, &format!("@{local}"))
        } else {
            builder.name_in(in_namespace, local)
        };
        let uri = self.uris.get(namespace as usize).map_or("", |uri| uri.as_ref());
        if !attribute && !std::mem::replace(&mut self.root_seen, true) {
            self.family = Family::of_root(uri, local);
        }
        let role = if attribute { Role::Unknown } else { role(self.family, uri, local) };
        let next = index(self.locals.len());
        let local_number = *self.locals.entry(local).or_insert(next);
        let meaning = index(self.meant.len());
        self.meant.push(Meant {
            builder_name,
            local: if attribute { NONE } else { local_number },
            role,
            html: self.family == Family::Html || uri == "http://www.w3.org/1999/xhtml",
            last_tag: NONE,
        });
        self.by_meaning.insert((attribute, namespace, local), meaning);
        meaning
    }
}

/// Spreads names over the cache. An attacker who makes them collide gets the keyed hash instead.
fn cheap_hash(text: &str) -> usize {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
    let length = bytes.len();
    let mixed = byte(0)
        .wrapping_mul(31)
        .wrapping_add(byte(length / 2))
        .wrapping_mul(31)
        .wrapping_add(byte(length.saturating_sub(1)))
        .wrapping_mul(31)
        .wrapping_add(length);
    (mixed ^ (mixed >> 9)) % CACHE
}

fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
