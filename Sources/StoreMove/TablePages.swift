import Storage

/// The rows of a table in the order of their key, some at a time, each time in a transaction of its own.
struct TablePages: AsyncSequence {
    private let table: MovedTable
    private let database: any Database
    private let rowLimit: Int
    private let beginning: [SQLValue]

    /// - Parameter key: where to begin; by default at the first row.
    init(_ table: MovedTable, in database: any Database, rowLimit: Int, after key: [SQLValue]? = nil) {
        self.table = table
        self.database = database
        self.rowLimit = Swift.min(rowLimit, table.rowsMaximum)
        beginning = key ?? table.beginning
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(table: table, database: database, rowLimit: rowLimit, key: beginning)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let table: MovedTable
        fileprivate let database: any Database
        fileprivate let rowLimit: Int
        /// `nil` when the last page has been given.
        fileprivate var key: [SQLValue]?

        mutating func next() async throws -> [Row]? {
            guard let after = key else { return nil }
            try Task.checkCancellation()
            let rows = try await database.read { [table, rowLimit] in
                try $0.rows(table.page(after: after, limit: rowLimit))
            }
            key = rows.count < rowLimit ? nil : rows.last.map(table.key)
            return rows.isEmpty ? nil : rows
        }
    }
}
