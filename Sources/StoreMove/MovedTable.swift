import Storage

/// A table as it is walked and written: in the order of its key, whose columns come first.
struct MovedTable: Sendable {
    let name: String
    /// How many rows of it fit in memory, whatever they hold.
    let rowsMaximum: Int
    /// A key that sorts before every other.
    let beginning: [SQLValue]
    private let source: SQL
    private let keyColumns: SQL
    private let columns: SQL
    private let condition: SQL?

    /// A column of the key, by what it holds.
    enum KeyColumn {
        case text(SQL)
        case blob(SQL)
        /// Never negative.
        case integer(SQL)

        fileprivate var name: SQL {
            switch self {
            case .text(let name), .blob(let name), .integer(let name): name
            }
        }

        fileprivate var beginning: SQLValue {
            switch self {
            case .text: .text("")
            case .blob: .blob([])
            case .integer: .integer(-1)
            }
        }
    }

    /// - Parameters:
    ///   - rest: every other column.
    ///   - condition: which rows are moved, where it is not all of them.
    init(
        _ name: SQL,
        key: [KeyColumn],
        _ rest: [SQL],
        where condition: SQL? = nil,
        rowsMaximum: Int = .max
    ) {
        self.name = name.text
        self.rowsMaximum = rowsMaximum
        self.condition = condition
        beginning = key.map(\.beginning)
        source = name
        keyColumns = SQL.list(key.map(\.name))
        columns = SQL.list(key.map(\.name) + rest)
    }

    func key(of row: Row) -> [SQLValue] {
        beginning.indices.map { row[$0] }
    }

    /// Up to so many rows after a key.
    func page(after key: [SQLValue], limit: Int) -> SQL {
        let following: SQL = "(\(keyColumns)) > (\(SQL.list(key.map { "\($0)" })))"
        return """
            SELECT \(columns)
            FROM \(source)
            WHERE \(condition.map { "\(following) AND \($0)" } ?? following)
            ORDER BY \(keyColumns)
            LIMIT \(limit)
            """
    }

    func insert(_ row: Row) -> SQL {
        "INSERT INTO \(source) (\(columns)) VALUES (\(SQL.list((0..<row.count).map { "\(row[$0])" })))"
    }
}

/// Everything that a store is. What instances tell each other while they run is left behind: the marks of commits,
/// leases and what callers have used of their limits.
extension MovedTable {
    /// What another row refers to comes before that row.
    static let all = [
        organization, apiKey, signingKey, auditHead, auditRecord, vehicle, entry, entryRef,
        entryHash, listing, listingLive, listingChange, listingDispute, photo, listingPhoto, subject,
        subjectValue, subjectRead, subjectHold, person, recoveryCode, certificate, invitation, session,
        signInFailure, signInCode, outboxMessage, inventoryImport, inventoryImportQueue, inventoryImportChunk,
        inventoryImportRow, importMapping, listingFeedHead, listingFeed, pricingRuleSet, pricingInForce,
        pricingMapping, pricingSaleHead, pricingSale, pricingEstimate, pricingOutcome, stockAlertDays,
        warrantyEdition, warrantyQuote, warranty, warrantyChange, warrantyLimitUse, warrantyRedemption, job,
        bookAccount, bookJournal, bookPosting, bookDay, bookHead, logLeaf, logTile, logHead, logCheckpoint,
        logCosignature, logVehicle, logPage, logIndexHead, logPending, logPlace, claim, claimFact, claimLine,
        claimRuling, claimAssessment, claimDecidedDay, claimAdvance, claimAdvanceFact, complaint, complaintFact,
        claimHandler, claimVacation, claimEdition, dealerSuspension, suspendedListing, dealerNotice, holderCode,
        warrantyHolding, watch, watchCar, delivery, idempotency, storeFact,
    ]

    private static let organization = MovedTable(
        "organization",
        key: [.text("id")],
        [
            "kind", "name", "uscc", "signatures_required", "suspended_at", "suspension_reason", "version",
            "created_at",
        ]
    )

    private static let apiKey = MovedTable(
        "api_key",
        key: [.text("id")],
        [
            "organization", "public_id", "code", "name", "scopes", "created_at", "expires_at", "revoked_at",
            "last_used_at", "version",
        ]
    )

    private static let signingKey = MovedTable(
        "signing_key",
        key: [.text("id")],
        ["organization", "public_key", "name", "created_at", "revoked_at", "version"]
    )

    private static let auditHead = MovedTable("audit_head", key: [.text("chain")], ["record_count", "hash"])

    private static let auditRecord = MovedTable(
        "audit_record",
        key: [.text("chain"), .integer("seq")],
        ["at", "record", "hash"]
    )
}
