//! Where a cell stands in its table.

use crate::model::Cell;

struct Table {
    number: u32,
    rows: u32,
    columns: u32,
    /// The depth of the element that it ends with.
    depth: usize,
    /// Whether a cell of it is open, so that a row inside belongs to a table of its own.
    in_cell: bool,
}

/// The tables around the current element.
#[derive(Default)]
pub(super) struct Tables {
    open: Vec<Table>,
    count: u32,
}

impl Tables {
    /// A table begins with the element at `depth`.
    pub(super) fn table(&mut self, depth: usize) {
        self.open.push(Table { number: self.count, rows: 0, columns: 0, depth, in_cell: false });
        self.count += 1;
    }

    /// A row begins with the element at `depth`. Outside a table its siblings and it make one.
    pub(super) fn row(&mut self, depth: usize) {
        if self.open.last().is_none_or(|table| table.in_cell) {
            self.table(depth.saturating_sub(1));
        }
        if let Some(table) = self.open.last_mut() {
            table.rows += 1;
            table.columns = 0;
        }
    }

    /// A cell begins that spans `span` columns.
    pub(super) fn cell(&mut self, span: u32) -> Option<Cell> {
        let table = self.open.last_mut().filter(|table| !table.in_cell && table.rows > 0)?;
        let column = table.columns;
        table.columns = column.saturating_add(span);
        table.in_cell = true;
        Some(Cell { table: table.number, row: table.rows - 1, column })
    }

    /// The cell that is open ends.
    pub(super) fn end_cell(&mut self) {
        if let Some(table) = self.open.last_mut() {
            table.in_cell = false;
        }
    }

    /// The element at `depth` ends.
    pub(super) fn end(&mut self, depth: usize) {
        while self.open.last().is_some_and(|table| table.depth >= depth) {
            self.open.pop();
        }
    }
}
