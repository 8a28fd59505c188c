import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
import TransparencyLog
import Web

extension HistoryService {
    /// Reads events line by line, adds them a batch a commit, and answers a line for each as soon as it is durable.
    ///
    /// What a broken-off import had answered is there; sending the same file again finds those entries by their `ref`.
    func importEvents(_ call: Call) async throws -> Reply {
        let principal = try call.requirePrincipal()
        guard let stream = call.stream else { throw Failure(.malformedJSON) }
        let origin = Origin(call)
        return Reply(
            .ok,
            headers: [.contentType: "application/x-ndjson"],
            body: .stream { writer in
                var progress = EventImport(service: self, principal: principal, language: call.language)
                do {
                    for try await line in stream.lines(maximumBytes: HistoryLimits.importLineBytes) {
                        if progress.take(line) { try await writer.write(try await progress.commit()) }
                    }
                    try await writer.write(try await progress.commit())
                } catch let failure as Failure {
                    progress.stop(failure)
                }
                try await progress.note(origin)
                try await writer.write(progress.summaryLine)
            }
        )
    }
}

/// One import under way.
struct EventImport {
    private let service: HistoryService
    private let principal: Principal
    private let language: Language
    private var batch: [Line] = []
    private var lines = 0
    private var created = 0
    private var existing = 0
    private var refused = 0
    /// The first line that was not settled, where the import broke off.
    private var resumeFromLine: Int?
    private var stoppedBy: Failure?

    private struct Line: Sendable {
        let number: Int
        let prepared: Result<Histories.Prepared, Failure>
    }

    private enum Outcome: Sendable {
        case appended(Histories.Appended)
        case refused(Failure)
    }

    init(service: HistoryService, principal: Principal, language: Language) {
        self.service = service
        self.principal = principal
        self.language = language
    }

    /// - Returns: whether the batch is full and wants to be committed.
    mutating func take(_ line: [UInt8]) -> Bool {
        lines += 1
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return false }
        let prepared = Result<Histories.Prepared, any Error> {
            let json = try JSONParser.parse(line, maximumDepth: JSONParser.requestDepth)
            let submission = try Submission(json, vin: nil, now: service.clock.now())
            return try service.histories.prepare(submission, by: principal)
        }
        batch.append(Line(number: lines, prepared: prepared.mapError { EventImport.failure($0) }))
        return batch.count == HistoryLimits.importBatchLines
    }

    /// Commits the batch.
    /// - Returns: a result line for each of its lines.
    mutating func commit() async throws -> [UInt8] {
        guard !batch.isEmpty else { return [] }
        let batch = batch
        resumeFromLine = batch[0].number
        let outcomes = try await append(batch)
        resumeFromLine = nil
        self.batch.removeAll(keepingCapacity: true)
        var writer = JSONWriter(capacity: batch.count * 160)
        for (line, outcome) in zip(batch, outcomes) { write(line, outcome, to: &writer) }
        return writer.bytes
    }

    private func append(_ batch: [Line]) async throws -> [Outcome] {
        let organization = principal.organization
        let vins = Set(batch.compactMap { try? $0.prepared.get().submission.vin.text }).sorted()
        let (keys, known) = try await service.database.read { [isLogged = service.histories.transparency != nil] tx in
            let keys = try SigningKeys.standing(tx, organization: organization)
            return (keys, isLogged ? try TransparencyLog.vehicles(tx, named: vins) : [:])
        }
        // A signature, or a car's key, takes ten times as long as the append: nobody else's write waits for it.
        var vehicles = known
        let checked = batch.map { line in
            line.prepared.flatMap { prepared in
                Result { try complete(prepared, keys, &vehicles) }.mapError { EventImport.failure($0) }
            }
        }
        return try await service.database.writeRetrying { [service, principal] tx in
            try checked.map { prepared in
                do {
                    return .appended(try service.histories.append(tx, try prepared.get(), by: principal))
                } catch let failure as Failure where failure.type.kind.concernsOneLine {
                    return .refused(failure)
                }
            }
        }
    }

    private func complete(
        _ prepared: Histories.Prepared,
        _ keys: SigningKeys.Standing,
        _ vehicles: inout [String: LogVehicle]
    ) throws -> Histories.Prepared {
        try service.checkSignature(prepared.draft, keys)
        let vin = prepared.submission.vin.text
        var complete = prepared
        complete.vehicle = try vehicles[vin] ?? service.histories.transparency?.makeVehicle(named: vin)
        vehicles[vin] = complete.vehicle
        return complete
    }

    mutating func stop(_ failure: Failure) {
        stoppedBy = failure
        resumeFromLine = resumeFromLine ?? (batch.first?.number ?? lines + 1)
    }

    /// Leaves one record of the whole import in the audit trail; every entry names its source itself.
    func note(_ origin: Origin) async throws {
        let detail: [JSON.Member] = [
            .init("lines", JSON(lines)), .init("created", JSON(created)), .init("existing", JSON(existing)),
            .init("refused", JSON(refused)),
        ]
        let chain = principal.organization
        try await service.database.writeRetrying { tx in
            let entry = AuditEntry(
                chain: chain,
                action: Action.eventImport.rawValue,
                origin: origin,
                outcome: .done,
                subject: nil,
                detail: detail
            )
            _ = try AuditTrail.append(tx, entry)
        }
    }

    // MARK: What the caller reads

    private mutating func write(_ line: Line, _ outcome: Outcome, to writer: inout JSONWriter) {
        writer.raw("{\"line\":")
        writer.integer(Int64(line.number))
        switch outcome {
        case .appended(let appended):
            if appended.isNew { created += 1 } else { existing += 1 }
            write(appended, to: &writer)
        case .refused(let failure):
            refused += 1
            writer.raw(",\"status\":\"refused\",")
            failure.writeMembers(in: language, to: &writer)
        }
        writer.raw("}\n")
    }

    private func write(_ appended: Histories.Appended, to writer: inout JSONWriter) {
        if appended.isNew {
            writer.raw(",\"status\":\"created\",\"vin\":")
        } else {
            writer.raw(",\"status\":\"existing\",\"vin\":")
        }
        writer.string(appended.row.vin)
        writer.raw(",\"seq\":")
        writer.integer(appended.row.seq)
        writer.raw(",\"hash\":")
        writer.string(appended.row.hash.hex)
        if appended.differs { writer.raw(",\"submission_differs\":true") }
    }

    var summaryLine: [UInt8] {
        var summary: [JSON.Member] = [
            .init("lines", JSON(lines)), .init("created", JSON(created)), .init("existing", JSON(existing)),
            .init("refused", JSON(refused)), .init("complete", .bool(stoppedBy == nil)),
            .init("resume_from_line", .optional(resumeFromLine, { JSON($0) })),
        ]
        if let stoppedBy {
            summary.append(.init("code", JSON(stoppedBy.type.code)))
            summary.append(.init("detail", JSON(stoppedBy.detail.text(in: language))))
        }
        return JSON.object([.init("summary", .object(summary))]).bytes + [0x0A]
    }

    private static func failure(_ error: any Error) -> Failure {
        error as? Failure ?? Failure(.malformedJSON)
    }
}

extension FailureKind {
    /// Whether the rest of an import can go on after it.
    fileprivate var concernsOneLine: Bool {
        switch self {
        case .malformed, .invalid, .forbidden, .notFound, .conflict, .stale: true
        case .unauthenticated, .throttled, .unavailable, .full: false
        }
    }
}

extension Failure {
    /// `"code"`, `"detail"` and `"errors"`, as in a problem document.
    fileprivate func writeMembers(in language: Language, to writer: inout JSONWriter) {
        writer.raw("\"code\":")
        writer.string(type.code)
        writer.raw(",\"detail\":")
        writer.string(detail.text(in: language))
        writer.raw(",\"errors\":")
        writer.write(
            .array(
                faults.map { fault in
                    [
                        "pointer": JSON(fault.pointer), "code": JSON(fault.code),
                        "detail": JSON(fault.detail.text(in: language)),
                    ]
                }
            )
        )
    }
}
