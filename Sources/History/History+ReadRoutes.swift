import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
import Web

extension HistoryService {
    var readEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/vehicles/{vin}",
                authorize: Policy.authorize(.vehicleRead),
                atOnce: { call in kept.current("summary", of: try call.vin(), in: self) },
                handler: vehicle
            ),
            Endpoint(
                .get,
                "/v1/vehicles/{vin}/history",
                query: Page.query.union(["as_of"]),
                produces: ["application/json", "application/x-ndjson"],
                authorize: Policy.authorize(.historyRead),
                atOnce: { call in
                    guard call.query["as_of"] == nil else { return nil }
                    return kept.current(try historyName(call), of: try call.vin(), in: self)
                },
                handler: history
            ),
            Endpoint(.get, "/v1/vehicles/{vin}/report", authorize: Policy.authorize(.reportRead), handler: report),
            Endpoint(
                .get,
                "/v1/vehicles/{vin}/odometer.svg",
                produces: ["image/svg+xml"],
                authorize: Policy.authorize(.reportRead),
                handler: odometerChart
            ),
            Endpoint(.get, "/v1/entries/{hash}", authorize: Policy.authorize(.entryRead), handler: entry),
            Endpoint(.get, "/v1/event-kinds", authorize: Policy.authorize(.eventKindsRead), handler: eventKinds),
        ]
    }

    // MARK: One vehicle

    private func vehicle(_ call: Call) async throws -> Reply {
        let vin = try call.vin()
        return try await kept.answer("summary", of: vin, in: self) {
            let report = try await carReport(vin)
            let bytes = report.summary.bytes
            let reply = Reply.json(bytes: bytes).revalidated(tag: report.head.tag(content: bytes))
            return KeptAnswers.Made(head: report.head, reply: reply)
        }
    }

    private func report(_ call: Call) async throws -> Reply {
        let report = try await carReport(try call.vin())
        let bytes = report.document.bytes
        return Reply.json(bytes: bytes).revalidated(tag: report.head.tag(content: bytes))
    }

    private func odometerChart(_ call: Call) async throws -> Reply {
        let report = try await carReport(try call.vin())
        let bytes = Array(report.odometerChart.utf8)
        return Reply(.ok, headers: [.contentType: "image/svg+xml; charset=utf-8"], body: .bytes(bytes))
            .revalidated(tag: report.head.tag(content: bytes))
    }

    private func carReport(_ vin: VIN) async throws -> CarReport {
        let now = clock.now()
        let (rows, sources) = try await database.read { [histories] tx in
            let rows = try histories.chain(tx, vin: vin)
            return (rows, try ReportSource.all(tx, of: rows))
        }
        return try CarReport(vin: vin, rows: rows, sources: sources, asOf: now)
    }

    // MARK: Entries

    private func history(_ call: Call) async throws -> Reply {
        let vin = try call.vin()
        if let moment = try moment(call) { return try await history(call, of: vin, at: moment) }
        return try await kept.answer(try historyName(call), of: vin, in: self) {
            call.wantsLines ? try await rawHistory(vin) : try await historyPage(call, vin, try call.page())
        }
    }

    /// What an answer depends on besides the car: a page has a link to the next one, made for whoever asks.
    private func historyName(_ call: Call) throws -> String {
        guard !call.wantsLines else { return "lines" }
        let page = try call.page()
        return "page \(page.position ?? "") \(page.limit) \(call.principal?.organization ?? "")"
    }

    private func historyPage(_ call: Call, _ vin: VIN, _ page: Page) async throws -> KeptAnswers.Made {
        let first = page.position.flatMap(Int64.init) ?? 0
        let (head, rows) = try await database.read { [histories] tx in
            let head = try histories.head(tx, vin: vin)
            let rows = try HistoryStore.entries(tx, vin: vin.text, from: first, limit: page.limit)
            return (head, try histories.placed(tx, rows))
        }
        let next = first + Int64(rows.count)
        let following = next < head.count ? call.nextPage(after: String(next)) : nil
        var writer = JSONWriter(capacity: 256 + rows.reduce(0) { $0 + $1.jsonByteCount })
        writePage(of: vin, count: head.count, head: head.hash, rows, following, to: &writer)
        writer.raw("}")
        let unplaced = histories.transparency == nil ? 0 : rows.count { $0.leafIndex == nil }
        let reply = Reply.json(bytes: writer.bytes)
            .revalidated(tag: "\(head.tag)-\(first)-\(unplaced)-\(following?.cursor.suffix(8) ?? "end")")
            .withNextLink(following)
        return KeptAnswers.Made(head: head, reply: reply, isLasting: unplaced == 0)
    }

    /// All but the brace at its end.
    func writePage(
        of vin: VIN,
        count: Int64,
        head: Digest?,
        _ rows: [StoredRow],
        _ following: NextPage?,
        to writer: inout JSONWriter
    ) {
        writer.raw("{\"vin\":")
        writer.string(vin.text)
        writer.raw(",\"entry_count\":")
        writer.integer(count)
        writer.raw(",\"head\":")
        writer.write(.optional(head) { JSON($0.hex) })
        writer.raw(",\"entries\":[")
        for (index, row) in rows.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{")
            row.writeMembers(to: &writer)
            writer.raw("}")
        }
        writer.raw("],\"has_more\":")
        writer.write(.bool(following != nil))
        writer.raw(",\"next_cursor\":")
        writer.write(.optional(following?.cursor) { JSON($0) })
    }

    /// The stored envelopes, one a line: the very bytes that were hashed.
    private func rawHistory(_ vin: VIN) async throws -> KeptAnswers.Made {
        let (head, first) = try await database.read { [histories] tx in
            let head = try histories.head(tx, vin: vin)
            let limit = HistoryLimits.streamedEntries
            return (head, try HistoryStore.envelopes(tx, vin: vin.text, from: 0, limit: limit))
        }
        let reply = Reply(.ok, headers: [.contentType: "application/x-ndjson"]).revalidated(tag: head.tag)
        if first.count == Int(head.count) {
            return KeptAnswers.Made(head: head, reply: reply.with(body: .bytes(lines(of: first))))
        }
        let body = Reply.Body.stream { writer in
            var (envelopes, written) = (first, Int64(0))
            while !envelopes.isEmpty {
                try await writer.write(lines(of: envelopes))
                written += Int64(envelopes.count)
                let (next, limit) = (written, min(HistoryLimits.streamedEntries, Int(head.count - written)))
                guard limit > 0 else { return }
                envelopes = try await database.read { tx in
                    try HistoryStore.envelopes(tx, vin: vin.text, from: next, limit: limit)
                }
            }
        }
        return KeptAnswers.Made(head: head, reply: reply.with(body: body))
    }

    func lines(of envelopes: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(envelopes.reduce(0) { $0 + $1.utf8.count + 1 })
        for envelope in envelopes {
            bytes.append(contentsOf: envelope.utf8)
            bytes.append(0x0A)
        }
        return bytes
    }

    private func entry(_ call: Call) async throws -> Reply {
        guard let hash = Digest(hex: try call.pathValue("hash", as: HashText.self).text) else {
            throw Failure(.entryUnknown)
        }
        let row = try await database.read { [histories] tx in
            try histories.placed(tx, [try histories.entry(tx, hash: hash)])[0]
        }
        var writer = JSONWriter(capacity: 1024)
        writer.raw("{\"vin\":")
        writer.string(row.vin)
        writer.raw(",")
        row.writeMembers(to: &writer)
        writer.raw(row.stateMember)
        writer.raw("}")
        let tag = hash.hex + (row.payload == nil ? "-sealed" : "") + (row.leafIndex == nil ? "-chained" : "")
        return Reply.json(bytes: writer.bytes).revalidated(tag: tag)
    }

    private func eventKinds(_ call: Call) async throws -> Reply {
        Reply.json(["data": .array(EventRegistry.schemas.map(\.json))]).revalidated(tag: EventRegistry.tag)
    }
}

extension Call {
    fileprivate var wantsLines: Bool { mediaType == "application/x-ndjson" }
}

extension ChainHead {
    /// The state of a chain: how long it is, and its head.
    var tag: String { "v\(count)-\(hash.hex.prefix(8))" }

    /// The state of a chain, and of what was made of it.
    func tag(content: [UInt8]) -> String { "v\(count)-\(SHA256.hash(content).hex.prefix(16))" }
}

extension Reply {
    /// Anybody may keep it, and asks each time whether it still holds: the next entry may come at any moment.
    func revalidated(tag: String) -> Reply {
        with(.cacheControl, "public, no-cache").withETag(tag)
    }

    func with(body: Body) -> Reply {
        var copy = self
        copy.body = body
        return copy
    }
}
