//! The categories of the CUI registry (NARA; snapshot in NIEM model 6.0): which exist, and in which kind.

/// Whether a category is Basic, Specified (`SP-`), or exists as both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Basic,
    Specified,
    Both,
}

/// The kind of a category by its code, without `SP-`.
pub(super) fn kind(code: &str) -> Option<Kind> {
    let at = CATEGORIES.binary_search_by(|(known, _)| known.cmp(&code)).ok()?;
    CATEGORIES.get(at).map(|&(_, kind)| kind)
}

use Kind::{Basic, Both, Specified};

/// In alphabetical order.
const CATEGORIES: &[(&str, Kind)] = &[
    ("ADJ", Basic),
    ("ADPO", Both),
    ("AG", Basic),
    ("AIV", Specified),
    ("APP", Basic),
    ("ARCHR", Specified),
    ("ASYL", Basic),
    ("BARG", Basic),
    ("BATT", Basic),
    ("BUDG", Specified),
    ("CCI", Specified),
    ("CEII", Specified),
    ("CENS", Specified),
    ("CHLD", Specified),
    ("CHRI", Specified),
    ("CMPRS", Basic),
    ("COMPT", Basic),
    ("CONREG", Basic),
    ("CONTRACT", Specified),
    ("CONV", Basic),
    ("CRIT", Basic),
    ("CRITAN", Specified),
    ("CTI", Specified),
    ("CVI", Both),
    ("CVIC", Basic),
    ("DCNI", Both),
    ("DCRIT", Basic),
    ("DREC", Basic),
    ("EMGT", Basic),
    ("EXPT", Both),
    ("EXPTR", Basic),
    ("FHFANPI", Basic),
    ("FINT", Basic),
    ("FISA", Specified),
    ("FISAB", Specified),
    ("FNC", Both),
    ("FSEC", Both),
    ("FSI", Basic),
    ("FUND", Specified),
    ("GENETIC", Both),
    ("GEO", Specified),
    ("HISTP", Specified),
    ("HLTH", Both),
    ("ID", Both),
    ("IFNC", Specified),
    ("INF", Both),
    ("INTEL", Both),
    ("INTL", Specified),
    ("INV", Both),
    ("INVENT", Basic),
    ("ISVI", Basic),
    ("IVIC", Basic),
    ("JURY", Both),
    ("JUV", Basic),
    ("LCOMM", Basic),
    ("LDNA", Specified),
    ("LEI", Basic),
    ("LFNC", Specified),
    ("LMI", Basic),
    ("LNSL", Basic),
    ("LPROT", Both),
    ("LSCRN", Basic),
    ("LVIC", Basic),
    ("MERG", Basic),
    ("MFC", Specified),
    ("MIL", Basic),
    ("NETW", Basic),
    ("NNPI", Both),
    ("NPSR", Specified),
    ("NUC", Both),
    ("OCCMTO", Basic),
    ("OPSEC", Basic),
    ("PCII", Specified),
    ("PERS", Both),
    ("PEST", Basic),
    ("PHYS", Basic),
    ("POST", Basic),
    ("PRE", Basic),
    ("PRIIG", Both),
    ("PRIOR", Basic),
    ("PRIVILEGE", Basic),
    ("PROCURE", Specified),
    ("PROPIN", Both),
    ("PROT", Basic),
    ("PRVCY", Both),
    ("PSEC", Basic),
    ("RAIL", Basic),
    ("RECCOM", Basic),
    ("RESD", Basic),
    ("RTR", Basic),
    ("RWRD", Basic),
    ("SAFE", Basic),
    ("SBIZ", Basic),
    ("SCV", Basic),
    ("SERV", Basic),
    ("SGI", Specified),
    ("SRI", Both),
    ("SSEL", Both),
    ("SSI", Specified),
    ("STAT", Both),
    ("STUD", Both),
    ("SUB", Specified),
    ("SURV", Basic),
    ("TAI", Basic),
    ("TAX", Specified),
    ("TRACE", Basic),
    ("TSCA", Specified),
    ("UCNI", Both),
    ("VISA", Basic),
    ("WATER", Basic),
    ("WDT", Specified),
    ("WHSTL", Both),
    ("WIT", Both),
    ("XFER", Basic),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_knows_its_kinds() {
        assert!(CATEGORIES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(
            [kind("LEI"), kind("CHRI"), kind("INV"), kind("LES")],
            [Some(Basic), Some(Specified), Some(Both), None]
        );
    }
}
