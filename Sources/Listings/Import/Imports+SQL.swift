import Core
import Cryptography
import Identity
import Storage

/// Every statement about imports, apart from those about their rows.
enum ImportStore {
    /// In the order in which a row is read.
    private static let columns: SQL = """
        id, dealer, credential, mode, shape, state, file_bytes, file_digest, rows_total, chunks_total, \
        next_chunk, rows_read, valid_rows, created_rows, updated_rows, unchanged_rows, failed_rows, defect, \
        version, created_at, started_at, finished_at, file_until
        """

    static func find(_ tx: any Transaction, _ id: String) throws -> InventoryImport? {
        try tx.first(
            """
            SELECT \(columns)
            FROM inventory_import
            WHERE id = \(id)
            """
        ).map(InventoryImport.init(row:))
    }

    /// A dealer's imports, the newest first.
    static func page(
        _ tx: any Transaction,
        of dealer: String,
        before id: String,
        limit: Int
    ) throws -> [InventoryImport] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM inventory_import
            WHERE dealer = \(dealer) AND id < \(id) AND state <> 'receiving'
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ).map(InventoryImport.init(row:))
    }

    static func insert(_ tx: any Transaction, _ new: InventoryImport) throws {
        try tx.execute(
            """
            INSERT INTO inventory_import (
                id,
                dealer,
                credential,
                mode,
                shape,
                state,
                file_bytes,
                file_digest,
                rows_total,
                chunks_total,
                next_chunk,
                rows_read,
                valid_rows,
                created_rows,
                updated_rows,
                unchanged_rows,
                failed_rows,
                version,
                created_at,
                file_until
            )
            VALUES (
                \(new.id.text),
                \(new.dealer.text),
                \(new.credential),
                \(new.mode.rawValue),
                \(new.shape.stored.canonicalText),
                \(new.state.rawValue),
                \(new.fileBytes),
                \(new.fileDigest?.bytes),
                \(new.rowsTotal),
                \(new.chunksTotal),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                \(new.version),
                \(new.createdAt.microseconds),
                \(new.fileUntil?.microseconds)
            )
            """
        )
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(_ tx: any Transaction, _ changed: InventoryImport, replacing version: Int64) throws -> Bool {
        try tx.execute(
            """
            UPDATE inventory_import
            SET
                shape = \(changed.shape.stored.canonicalText),
                state = \(changed.state.rawValue),
                file_bytes = \(changed.fileBytes),
                file_digest = \(changed.fileDigest?.bytes),
                rows_total = \(changed.rowsTotal),
                chunks_total = \(changed.chunksTotal),
                next_chunk = \(changed.position),
                rows_read = \(changed.counts.read),
                valid_rows = \(changed.counts.valid),
                created_rows = \(changed.counts.created),
                updated_rows = \(changed.counts.updated),
                unchanged_rows = \(changed.counts.unchanged),
                failed_rows = \(changed.counts.failed),
                defect = \(changed.defect),
                version = \(changed.version),
                started_at = \(changed.startedAt?.microseconds),
                finished_at = \(changed.finishedAt?.microseconds),
                file_until = \(changed.fileUntil?.microseconds)
            WHERE id = \(changed.id.text) AND version = \(version)
            """
        ) == 1
    }

    static func delete(_ tx: any Transaction, _ id: String) throws {
        try tx.execute("DELETE FROM inventory_import WHERE id = \(id)")
    }

    /// The import whose file has been due the longest.
    static func due(_ tx: any Transaction) throws -> String? {
        try tx.first(
            """
            SELECT id
            FROM inventory_import
            WHERE file_until <= \(tx.now.microseconds)
            ORDER BY file_until
            LIMIT \(1)
            """
        )?.text(0)
    }

    // MARK: The queue

    static func enqueue(_ tx: any Transaction, _ new: InventoryImport) throws {
        try tx.execute(
            "INSERT INTO inventory_import_queue (dealer, import) VALUES (\(new.dealer.text), \(new.id.text))"
        )
    }

    static func dequeue(_ tx: any Transaction, _ done: InventoryImport) throws {
        try tx.execute(
            "DELETE FROM inventory_import_queue WHERE dealer = \(done.dealer.text) AND import = \(done.id.text)"
        )
    }

    /// The oldest import of the next dealer behind this one.
    static func next(_ tx: any Transaction, after dealer: String) throws -> (dealer: String, id: String)? {
        try tx.first(
            """
            SELECT dealer, import
            FROM inventory_import_queue
            WHERE dealer > \(dealer)
            ORDER BY dealer, import
            LIMIT \(1)
            """
        ).map { (try $0.text(0), try $0.text(1)) }
    }

    static func unfinished(_ tx: any Transaction, of dealer: String) throws -> Int {
        try tx.rows(
            """
            SELECT import
            FROM inventory_import_queue
            WHERE dealer = \(dealer)
            ORDER BY import
            LIMIT \(ImportLimits.unfinished)
            """
        ).count
    }
}

extension InventoryImport {
    fileprivate init(row: Row) throws {
        guard let id = InventoryImportID(try row.text(0)), let dealer = OrganizationID(try row.text(1)),
            let mode = ImportMode(rawValue: try row.text(3)), let state = ImportState(rawValue: try row.text(5))
        else { throw StoredDataError("an import cannot be read") }
        self.init(
            id: id,
            dealer: dealer,
            credential: try row.optionalText(2),
            mode: mode,
            shape: try FileShape(stored: try JSONParser.parse(Array(try row.text(4).utf8))),
            state: state,
            fileBytes: try row.integer(6),
            fileDigest: try row.optionalBlob(7).flatMap { Digest(bytes: $0) },
            rowsTotal: try row.integer(8),
            chunksTotal: try row.integer(9),
            position: try row.integer(10),
            counts: ImportCounts(
                read: try row.integer(11),
                valid: try row.integer(12),
                created: try row.integer(13),
                updated: try row.integer(14),
                unchanged: try row.integer(15),
                failed: try row.integer(16)
            ),
            defect: try row.optionalText(17),
            version: try row.integer(18),
            createdAt: Instant(microseconds: try row.integer(19)),
            startedAt: try row.optionalInteger(20).map(Instant.init(microseconds:)),
            finishedAt: try row.optionalInteger(21).map(Instant.init(microseconds:)),
            fileUntil: try row.optionalInteger(22).map(Instant.init(microseconds:))
        )
    }
}

extension JSON {
    var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }
}
