import Core
import Cryptography
import HTTPTypes
import Identity
import NIOCore
import Pricing
import Storage
import Tabular
import Web

extension ValuationService {
    private static let csv = "text/csv"
    private static let lines = "application/x-ndjson"
    /// Where a line names none.
    private static let unnamedSource = "imported"
    private static let mappingBytes = 1 << 20

    var comparableEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/pricing/mappings",
                body: .stream(mediaTypes: [ValuationService.yaml], maximumBytes: ValuationService.mappingBytes),
                rateLimit: .bulk,
                authorize: Policy.authorize(.pricingManage),
                handler: addMapping
            ),
            Endpoint(
                .post,
                "/v1/pricing/comparables",
                query: ["mapping"],
                body: .stream(
                    mediaTypes: [ValuationService.lines, ValuationService.csv],
                    maximumBytes: Limits.importBytes,
                    charsets: .declared
                ),
                rateLimit: .bulk,
                deadlineSeconds: Limits.importDeadlineSeconds,
                authorize: Policy.authorize(.pricingManage),
                handler: importSales
            ),
        ]
    }

    // MARK: Mappings

    private func addMapping(_ call: Call) async throws -> Reply {
        let (mapping, bytes) = try await readDocument(call) { (try SourceMapping(reading: $0), $0) }
        guard mapping.currency == "CNY" else {
            throw Failure(
                .invalidRequest,
                faults: [Fault("/currency", "not_allowed", zh: "只能是 CNY", en: "Must be CNY")]
            )
        }
        let hash = SHA256.hash(bytes)
        let origin = Origin(call)
        let isNew = try await database.writeRetrying { tx in
            guard try MappingStore.find(tx, hash) == nil else { return false }
            try MappingStore.insert(tx, hash, source: mapping.source, bytes, from: origin)
            return true
        }
        return .json(
            [
                "hash": JSON(hash.hex), "source": JSON(mapping.source), "currency": JSON(mapping.currency),
                "kind": JSON(mapping.kind.rawValue),
            ],
            status: isNew ? .created : .ok
        )
    }

    // MARK: Sales

    private func importSales(_ call: Call) async throws -> Reply {
        guard let stream = call.stream else { throw Failure(.malformedRequest) }
        let now = try await database.read { $0.now }
        let mapping = try await mapping(of: call)
        let summary =
            call.contentType == ValuationService.csv
            ? try await importTable(stream, call, mapping)
            : try await importLines(stream, call, today: now.dateInChina)
        let (chain, origin) = (try call.requirePrincipal().organization, Origin(call))
        let detail = ["read", "added", "refused"].map { JSON.Member($0, summary[$0] ?? .null) }
        try await database.writeRetrying { tx in
            let entry = AuditEntry(
                chain: chain,
                action: "pricing.import",
                origin: origin,
                subject: nil,
                detail: detail
            )
            _ = try AuditTrail.append(tx, entry)
        }
        await market.catchUp()
        return .json(summary)
    }

    private func importLines(_ stream: BodyStream, _ call: Call, today: CalendarDate) async throws -> JSON {
        var progress = SaleImport(
            database: database,
            source: ValuationService.unnamedSource,
            language: call.language
        )
        var number = 0
        for try await line in stream.lines(maximumBytes: SaleImport.lineBytes) {
            number += 1
            guard !line.isEmpty else { continue }
            try await progress.take(ValuationService.catching { try SaleLine.sale(line, today: today) }, line: number)
        }
        try await progress.commit()
        return progress.summary
    }

    /// The one that is named, whether it is needed or not: a slip in its name is not passed over.
    ///
    /// - Throws: `pricing_mapping_unknown`.
    private func mapping(of call: Call) async throws -> SourceMapping? {
        guard let name = call.query["mapping"] else { return nil }
        guard let hash = Digest(hex: name), let document = try await database.read({ try MappingStore.find($0, hash) })
        else { throw Failure(.mappingUnknown) }
        return try SourceMapping(reading: document)
    }

    /// - Throws: `pricing_mapping_unknown`, `pricing_mapping_mismatch`, and what makes a table unreadable.
    private func importTable(_ stream: BodyStream, _ call: Call, _ mapping: SourceMapping?) async throws -> JSON {
        guard let mapping else { throw Failure(.mappingUnknown) }
        var progress = SaleImport(database: database, source: mapping.source, language: call.language)
        let table = CSVReader()
        var reader: SaleReader?
        func take(_ records: [CSVRecord]) async throws {
            for record in records {
                guard let sales = reader else {
                    reader = try SaleReader(mapping: mapping, header: record)
                    continue
                }
                let sale = sales.sale(record).map { Result<Sale, Failure>.success($0) }
                try await progress.take(sale ?? .failure(ValuationService.nothingSold), line: record.line)
            }
        }
        for try await chunk in stream {
            let bytes = Array(chunk.readableBytesView)
            try await take(try ValuationService.reading { try table.take(bytes) })
        }
        try await take(try ValuationService.reading { try table.finish() })
        try await progress.commit()
        return progress.summary
    }

    private static func reading(_ body: () throws -> [CSVRecord]) throws -> [CSVRecord] {
        do {
            return try body()
        } catch let fault as TableFault {
            throw fault.failure
        }
    }

    private static func catching(_ body: () throws -> Sale) -> Result<Sale, Failure> {
        Result { try body() }.mapError { $0 as? Failure ?? Failure(.invalidRequest) }
    }

    private static let nothingSold = Failure(
        .invalidRequest,
        zh: "没有价格或日期",
        en: "There is no price or no day"
    )
}

/// Every statement about mappings.
enum MappingStore {
    static func find(_ tx: any Transaction, _ hash: Digest) throws -> [UInt8]? {
        try tx.first("SELECT document FROM pricing_mapping WHERE hash = \(hash.bytes)")?.blob(0)
    }

    static func insert(
        _ tx: any Transaction,
        _ hash: Digest,
        source: String,
        _ document: [UInt8],
        from origin: Origin
    ) throws {
        try tx.execute(
            """
            INSERT INTO pricing_mapping (hash, source, document, organization, credential, added_at)
            VALUES (
                \(hash.bytes),
                \(source),
                \(document),
                \(origin.organization ?? ""),
                \(origin.credential ?? ""),
                \(tx.now.microseconds)
            )
            """
        )
    }
}
