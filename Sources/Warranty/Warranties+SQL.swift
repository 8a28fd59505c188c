import Core
import Cryptography
import Identity
import Storage

/// Every statement about warranties.
enum WarrantyStore {
    // MARK: Editions and quotes

    static func edition(_ tx: any Transaction, _ hash: Digest) throws -> String? {
        try tx.first("SELECT content FROM warranty_edition WHERE hash = \(hash.bytes)").map { try $0.text(0) }
    }

    /// The edition that has begun last; of those of one day what was stored last.
    static func latestEdition(_ tx: any Transaction, on day: CalendarDate) throws -> (hash: Digest, from: CalendarDate)?
    {
        try tx.first(
            """
            SELECT hash, effective_from
            FROM warranty_edition
            WHERE effective_from <= \(day.description)
            ORDER BY effective_from DESC, stored_at DESC
            LIMIT 1
            """
        ).map { row in
            guard let hash = Digest(bytes: try row.blob(0)), let from = CalendarDate(try row.text(1)) else {
                throw StoredDataError("an edition cannot be read")
            }
            return (hash, from)
        }
    }

    static func isEdition(_ tx: any Transaction, named name: String) throws -> Bool {
        try tx.first("SELECT 1 FROM warranty_edition WHERE edition = \(name)") != nil
    }

    static func keep(_ tx: any Transaction, _ book: PlanBook, content: String) throws {
        try tx.execute(
            """
            INSERT INTO warranty_edition (hash, edition, effective_from, content, stored_at)
            VALUES (
                \(book.hash.bytes),
                \(book.edition),
                \(book.effectiveFrom.description),
                \(content),
                \(tx.now.microseconds)
            )
            ON CONFLICT (hash) DO NOTHING
            """
        )
    }

    static func insert(_ tx: any Transaction, _ quote: StoredQuote) throws {
        try tx.execute(
            """
            INSERT INTO warranty_quote (id, dealer, vin, edition, request, created_at)
            VALUES (
                \(quote.id.text),
                \(quote.dealer.text),
                \(quote.request.sale.vin.text),
                \(quote.edition.bytes),
                \(String(decoding: quote.request.json.canonicalBytes, as: UTF8.self)),
                \(quote.createdAt.microseconds)
            )
            """
        )
    }

    static func quote(_ tx: any Transaction, _ id: WarrantyQuoteID) throws -> StoredQuote? {
        try tx.first("SELECT dealer, edition, request, created_at FROM warranty_quote WHERE id = \(id.text)").map {
            guard let dealer = OrganizationID(try $0.text(0)), let edition = Digest(bytes: try $0.blob(1)) else {
                throw StoredDataError("a quote cannot be read")
            }
            return StoredQuote(
                id: id,
                dealer: dealer,
                edition: edition,
                request: try QuoteRequest(json: try JSONParser.parse(Array(try $0.text(2).utf8))),
                createdAt: Instant(microseconds: try $0.integer(3))
            )
        }
    }

    // MARK: Contracts

    static func insert(_ tx: any Transaction, _ warranty: StoredWarranty, _ zh: ContractText, _ en: ContractText) throws
    {
        try tx.execute(
            """
            INSERT INTO warranty (
                id, dealer, vin, quote, edition, terms, terms_hash, text_zh, text_en, contract_hash, entry, holder,
                paid_on, transfers, continues, version, limit_version, created_at
            )
            VALUES (
                \(warranty.id.text),
                \(warranty.dealer.text),
                \(warranty.terms.sale.vin.text),
                \(warranty.quote?.text),
                \(warranty.terms.bookHash.bytes),
                \(String(decoding: warranty.terms.json.canonicalBytes, as: UTF8.self)),
                \(warranty.terms.hash.bytes),
                \(zh.text),
                \(en.text),
                \(warranty.contractHash.bytes),
                \(warranty.entry.bytes),
                \(warranty.contract.holder),
                \(warranty.contract.paidOn?.description),
                \(warranty.contract.transfers),
                \(warranty.terms.renews?.text),
                \(warranty.version),
                \(warranty.limitVersion),
                \(warranty.createdAt.microseconds)
            )
            """
        )
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(_ tx: any Transaction, _ warranty: StoredWarranty, replacing version: Int64) throws -> Bool {
        let ending = warranty.contract.ending.map { String(decoding: $0.json.canonicalBytes, as: UTF8.self) }
        return try tx.execute(
            """
            UPDATE warranty
            SET
                holder = \(warranty.contract.holder),
                paid_on = \(warranty.contract.paidOn?.description),
                ending = \(ending),
                transfers = \(warranty.contract.transfers),
                version = \(warranty.version)
            WHERE id = \(warranty.id.text) AND version = \(version)
            """
        ) == 1
    }

    static func find(_ tx: any Transaction, _ id: WarrantyID) throws -> StoredWarranty? {
        try tx.first(
            """
            SELECT
                dealer,
                quote,
                terms,
                terms_hash,
                contract_hash,
                entry,
                holder,
                paid_on,
                ending,
                transfers,
                version,
                limit_version,
                created_at
            FROM warranty
            WHERE id = \(id.text)
            """
        ).map { try warranty(id, $0) }
    }

    /// The contract that was issued from a quote, or that goes on from another.
    static func issued(_ tx: any Transaction, from quote: WarrantyQuoteID) throws -> String? {
        try tx.first("SELECT id FROM warranty WHERE quote = \(quote.text)").map { try $0.text(0) }
    }

    static func successor(_ tx: any Transaction, of id: WarrantyID) throws -> String? {
        try tx.first("SELECT id FROM warranty WHERE continues = \(id.text)").map { try $0.text(0) }
    }

    /// In order, all of one dealer, or all there are.
    static func ids(_ tx: any Transaction, of dealer: String?, after id: String, limit: Int) throws -> [WarrantyID] {
        let rows: [Row]
        if let dealer {
            rows = try tx.rows(
                "SELECT id FROM warranty WHERE dealer = \(dealer) AND id > \(id) ORDER BY id LIMIT \(limit)"
            )
        } else {
            rows = try tx.rows("SELECT id FROM warranty WHERE id > \(id) ORDER BY id LIMIT \(limit)")
        }
        return try rows.compactMap { WarrantyID(try $0.text(0)) }
    }

    static func text(_ tx: any Transaction, of id: WarrantyID, in language: ContractText.Language) throws -> String? {
        try tx.first("SELECT text_zh, text_en FROM warranty WHERE id = \(id.text)").map {
            try $0.text(language == .zh ? 0 : 1)
        }
    }

    private static func warranty(_ id: WarrantyID, _ row: Row) throws -> StoredWarranty {
        let terms = try ContractTerms(json: try JSONParser.parse(Array(try row.text(2).utf8)))
        // What was sold is never taken from terms that somebody has changed.
        guard let dealer = OrganizationID(try row.text(0)), Digest(bytes: try row.blob(3)) == terms.hash,
            let contractHash = Digest(bytes: try row.blob(4)), let entry = Digest(bytes: try row.blob(5))
        else { throw StoredDataError("a warranty is not what was sold") }
        let contract = Contract(
            terms: terms,
            holder: try row.text(6),
            paidOn: try row.optionalText(7).flatMap { CalendarDate($0) },
            ending: try row.optionalText(8).map { try .init(json: try JSONParser.parse(Array($0.utf8))) },
            transfers: try row.integer(9)
        )
        return StoredWarranty(
            id: id,
            dealer: dealer,
            quote: try row.optionalText(1).flatMap { WarrantyQuoteID($0) },
            contract: contract,
            contractHash: contractHash,
            entry: entry,
            version: try row.integer(10),
            limitVersion: try row.integer(11),
            createdAt: Instant(microseconds: try row.integer(12))
        )
    }

    static func insert(_ tx: any Transaction, _ change: WarrantyChange, of id: WarrantyID) throws {
        try tx.execute(
            """
            INSERT INTO warranty_change (warranty, seq, at, organization, credential, kind, detail)
            VALUES (
                \(id.text),
                \(change.seq),
                \(change.at.microseconds),
                \(change.organization),
                \(change.credential),
                \(change.kind.rawValue),
                \(String(decoding: change.detail.canonicalBytes, as: UTF8.self))
            )
            """
        )
    }
}
