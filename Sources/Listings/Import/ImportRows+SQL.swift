import Core
import Storage

/// Every statement about the rows of imports and what they were read from.
enum ImportRowStore {
    /// In the order in which a row is read.
    private static let columns: SQL = "number, line, status, vin, listing, faults"

    // MARK: Chunks

    static func insert(_ tx: any Transaction, _ chunks: [RowChunk], of id: String) throws {
        for chunk in chunks {
            try tx.execute(
                """
                INSERT INTO inventory_import_chunk (import, number, first_row, data)
                VALUES (\(id), \(chunk.number), \(chunk.firstRow), \(chunk.stored))
                """
            )
        }
    }

    static func chunk(_ tx: any Transaction, _ number: Int64, of id: String) throws -> RowChunk? {
        try tx.first(
            """
            SELECT number, first_row, data
            FROM inventory_import_chunk
            WHERE import = \(id) AND number = \(number)
            """
        ).map { row in
            try RowChunk(number: try row.integer(0), firstRow: try row.integer(1), stored: try row.blob(2))
        }
    }

    static func chunkNumbers(_ tx: any Transaction, of id: String, limit: Int) throws -> [Int64] {
        try tx.rows(
            """
            SELECT number
            FROM inventory_import_chunk
            WHERE import = \(id)
            ORDER BY number
            LIMIT \(limit)
            """
        ).map { try $0.integer(0) }
    }

    static func deleteChunk(_ tx: any Transaction, _ number: Int64, of id: String) throws {
        try tx.execute("DELETE FROM inventory_import_chunk WHERE import = \(id) AND number = \(number)")
    }

    // MARK: Results

    static func insertion(_ result: RowResult, of id: String) -> SQL {
        """
        INSERT INTO inventory_import_row (import, number, line, status, vin, listing, faults)
        VALUES (
            \(id),
            \(result.number),
            \(result.line),
            \(result.status.rawValue),
            \(result.vin),
            \(result.listing),
            \(result.storedFaults)
        )
        """
    }

    static func change(_ result: RowResult, of id: String) -> SQL {
        """
        UPDATE inventory_import_row
        SET
            status = \(result.status.rawValue),
            listing = \(result.listing),
            faults = \(result.storedFaults)
        WHERE import = \(id) AND number = \(result.number)
        """
    }

    /// By row, from the one behind `number` on.
    static func page(
        _ tx: any Transaction,
        of id: String,
        _ status: RowStatus?,
        after number: Int64,
        limit: Int
    ) throws -> [RowResult] {
        guard let status else {
            return try tx.rows(
                """
                SELECT \(columns)
                FROM inventory_import_row
                WHERE import = \(id) AND number > \(number)
                ORDER BY number
                LIMIT \(limit)
                """
            ).map(RowResult.init(row:))
        }
        // By themselves the numbers are found in the index of statuses; with the rest SQLite would go through all rows.
        let numbers = try tx.rows(
            """
            SELECT number
            FROM inventory_import_row
            WHERE import = \(id) AND status = \(status.rawValue) AND number > \(number)
            ORDER BY number
            LIMIT \(limit)
            """
        ).map { try $0.integer(0) }
        return try tx.rows(all: numbers.map { row($0, of: id) }).flatMap { try $0.map(RowResult.init(row:)) }
    }

    private static func row(_ number: Int64, of id: String) -> SQL {
        """
        SELECT \(columns)
        FROM inventory_import_row
        WHERE import = \(id) AND number = \(number)
        """
    }

    /// The first row of the file that had this car. Asked in one step, SQLite would go through the rows in their order
    /// until it meets the car.
    static func firstRow(with vin: String, in id: String) -> SQL {
        """
        SELECT number, line
        FROM inventory_import_row
        WHERE import = \(id) AND number = (
            SELECT MIN(number) FROM inventory_import_row WHERE import = \(id) AND vin = \(vin)
        )
        """
    }
}

extension RowResult {
    fileprivate var storedFaults: String? {
        faults.isEmpty ? nil : JSON.array(faults.map(\.stored)).canonicalText
    }

    fileprivate init(row: Row) throws {
        guard let status = RowStatus(rawValue: try row.text(2)) else {
            throw StoredDataError("the result of an imported row cannot be read")
        }
        let faults = try row.optionalText(5).map { try JSONParser.parse(Array($0.utf8)) }
        self.init(
            number: try row.integer(0),
            line: Int(try row.integer(1)),
            status: status,
            vin: try row.optionalText(3),
            listing: try row.optionalText(4),
            faults: try (faults?.arrayValue ?? []).map(RowFault.init(stored:))
        )
    }
}
