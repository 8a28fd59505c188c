package import Core
package import Cryptography
import Identity
package import Ledger
package import Storage
package import TransparencyLog
package import Web

/// The histories of all cars: what may be added to a chain, and what can be read of it.
///
/// Every verb runs inside the caller's transaction, so that what it does and the answer kept for a repeat are one.
package struct Histories: Sendable {
    /// Origin of the log that entries are written for, so that none can be replayed into another.
    package let log: String
    /// Where every entry gets a place that everybody sees alike; `nil` where entries are chained and no more.
    package let transparency: TransparencyLog?
    /// Who else is told of each entry.
    private let listener: EntryListener?

    package init(log: String, transparency: TransparencyLog? = nil, listener: EntryListener? = nil) {
        self.log = log
        self.transparency = transparency
        self.listener = listener
    }

    /// An entry that stands in the chain: just added, or found under the same `ref`.
    package struct Appended: Sendable {
        package let row: StoredRow
        package let isNew: Bool
        /// The `ref` was used before for something else: the first entry stands, and the caller is told.
        package let differs: Bool
    }

    // MARK: Append

    /// What a source reports, with everything of its entry that can be made before the chain is known.
    package struct Prepared: Sendable {
        package let submission: Submission
        package let draft: Draft
        /// What the car goes by in the log, where that is known already: computing it takes as long as ten appends.
        package var vehicle: LogVehicle?
    }

    /// - Throws: `Failure` where the source may not report such an event, or the ledger's format does not allow it.
    package func prepare(_ submission: Submission, by principal: Principal) throws -> Prepared {
        try refuseForeignKind(submission.schema, principal.role)
        let statement = try Statement(
            data: submission.data,
            kind: submission.schema.kind.ledgerKind(),
            log: log,
            occurredAt: submission.occurredAt,
            ref: submission.ref,
            source: principal.organization,
            vin: submission.vin.text
        )
        let draft = try Draft(
            statement,
            signature: submission.signature,
            corrects: submission.corrects,
            salt: .random()
        )
        return Prepared(submission: submission, draft: draft)
    }

    /// What `append` will ask.
    package func foresight(_ prepared: Prepared, by principal: Principal) -> Foresight {
        let (vin, ref) = (prepared.submission.vin.text, prepared.submission.ref)
        let questions = HistoryStore.endQuestions(of: vin, source: principal.organization, ref: ref, listener)
        return Foresight(topic: vin, questions: [questions])
    }

    /// Adds what a source reports to the end of the car's chain; the same `ref` again finds the first entry.
    ///
    /// Decides before it writes, so that a refusal leaves nothing behind even inside a batch.
    ///
    /// - Throws: `Failure` of the types in `ProblemType.history`; `UniqueViolation` where another instance was faster.
    package func append(
        _ tx: any Transaction,
        _ prepared: Prepared,
        by principal: Principal
    ) throws -> Appended {
        let submission = prepared.submission
        let end = try HistoryStore.end(
            tx,
            of: submission.vin.text,
            source: principal.organization,
            ref: submission.ref,
            listener
        )
        if let first = end.sameRef { return try existing(tx, first, submission) }
        try checkExpectedHead(submission.expectedHead, end.head)
        try checkTarget(tx, submission, principal)
        let row = try extend(tx, end, prepared.draft, prepared.vehicle)
        return Appended(row: row, isNew: true, differs: false)
    }

    /// Adds what the platform itself stands for, whoever of its dealers or staff brought it about: a contract, a claim.
    /// The same `ref` again finds the first entry.
    ///
    /// - Parameter event: as a source would send it.
    package func report(_ tx: any Transaction, _ event: JSON, on vin: VIN) throws -> Appended {
        guard let platform = try Organizations.platform(tx) else { throw StoredDataError("there is no platform") }
        let source = Principal(organization: platform.text, role: .admin, scopes: [], credential: platform.text)
        let submission = try Submission(event, vin: vin, now: tx.now)
        return try append(tx, try prepare(submission, by: source), by: source)
    }

    private func extend(
        _ tx: any Transaction,
        _ end: ChainEnd,
        _ draft: Draft,
        _ vehicle: LogVehicle? = nil
    ) throws -> StoredRow {
        try refuseDamagedHead(end)
        let entry = Chain.append(draft, to: end.head, recordedAt: tx.now)
        let row = StoredRow(
            vin: draft.statement.vin,
            seq: entry.envelope.seq,
            hash: entry.hash,
            envelope: String(decoding: entry.envelopeBytes, as: UTF8.self),
            payload: String(decoding: entry.payloadBytes, as: UTF8.self),
            leafIndex: try place(tx, entry, vehicle)
        )
        try HistoryStore.insert(
            tx,
            row,
            source: draft.statement.source,
            ref: draft.statement.ref,
            recordedAt: entry.envelope.recordedAt
        )
        if let listener, !end.heard.isEmpty {
            try tx.execute(later: try listener.statements(end.heard, row.vin, row.seq + 1))
        }
        return row
    }

    /// Puts an entry into the log.
    /// - Returns: its place; `nil` where it gets one later, or there is no log.
    private func place(_ tx: any Transaction, _ entry: Entry, _ known: LogVehicle?) throws -> Int64? {
        guard let transparency else { return nil }
        let vin = entry.envelope.vin
        let vehicle = try known ?? transparency.vehicle(tx, keeping: vin)
        if let known, known.isNew { try transparency.keep(tx, known, named: vin) }
        return try transparency.add(
            tx,
            LogLeaf(vehicle: vehicle.key, entry: entry.hash),
            count: entry.envelope.seq + 1,
            recordedAt: entry.envelope.recordedAt
        )
    }

    /// What is appended to a damaged entry could never be verified.
    private func refuseDamagedHead(_ end: ChainEnd) throws {
        guard let head = end.head else { return }
        guard let last = end.lastEnvelope, SHA256.hash(last.utf8) == head.hash else { throw Failure(.chainDamaged) }
    }

    private func existing(
        _ tx: any Transaction,
        _ position: (vin: String, seq: Int64),
        _ submission: Submission
    ) throws -> Appended {
        guard position.vin == submission.vin.text else { throw Failure(.refOfAnotherVehicle) }
        guard let row = try HistoryStore.entry(tx, vin: position.vin, seq: position.seq) else {
            throw Failure(.chainDamaged)
        }
        return Appended(row: try placed(tx, [row])[0], isNew: false, differs: try !says(row, submission))
    }

    /// Whether a stored entry says what the submission says. An erased payload cannot be compared.
    private func says(_ row: StoredRow, _ submission: Submission) throws -> Bool {
        let envelope = try Envelope.parse(Array(row.envelope.utf8))
        let data = try row.payload.map { try Payload.parse(Array($0.utf8)).data.canonicalBytes }
        return envelope.kind.text == submission.schema.kind.rawValue
            && envelope.occurredAt == submission.occurredAt
            && envelope.corrects == submission.corrects
            && (data == nil || data == submission.data.canonicalBytes)
    }

    // MARK: Refusals

    private func refuseForeignKind(_ schema: EventSchema, _ role: Role) throws {
        guard !schema.reporters.contains(role) else { return }
        let allowed = schema.reporters.map(\.rawValue).sorted().joined(separator: ", ")
        throw Failure(
            .kindNotReportable,
            zh: "\(schema.kind.rawValue)（\(schema.title.zh)）只能由以下机构上报：\(allowed)",
            en: "\(schema.kind.rawValue) may only be reported by: \(allowed)"
        )
    }

    private func checkExpectedHead(_ expected: ExpectedHead?, _ head: ChainHead?) throws {
        switch (expected, head) {
        case (nil, _), (ExpectedHead.none?, nil):
            return
        case (.hash(let hash)?, let head?) where hash == head.hash:
            return
        default:
            let current = head?.hash.hex ?? "none"
            throw Failure(
                .headChanged,
                zh: "当前最新记录是 \(current)",
                en: "The head is \(current)",
                faults: [
                    Fault("/expected_head", "head_changed", zh: "当前是 \(current)", en: "It is \(current) now")
                ]
            )
        }
    }

    /// A correction or retraction points at an entry of the same car, by its source or an authority, and a corrected
    /// payload obeys the schema of what it corrects.
    private func checkTarget(_ tx: any Transaction, _ submission: Submission, _ principal: Principal) throws {
        guard let hash = submission.corrects else { return }
        let unknown = Failure(
            .invalidRequest,
            faults: [Fault("/corrects", "entry_unknown", zh: "这辆车没有这条记录", en: "This vehicle has no such entry")]
        )
        guard let position = try HistoryStore.position(tx, hash: hash), position.vin == submission.vin.text,
            let row = try HistoryStore.entry(tx, vin: position.vin, seq: position.seq)
        else { throw unknown }
        let target = try Envelope.parse(Array(row.envelope.utf8))
        guard let schema = EventRegistry.schema(named: target.kind.text) else { throw unknown }
        try refuseForeignEntry(target, principal)
        try refusePointing(at: schema.kind, from: submission.schema.kind)
        try refuseRetracted(tx, submission, hash)
        if submission.schema.kind == .entryCorrected { try checkCorrectedData(submission.data, schema, now: tx.now) }
    }

    private func refuseForeignEntry(_ target: Envelope, _ principal: Principal) throws {
        let mayCorrectOthers: Set<Role> = [.admin, .authority]
        guard target.source == principal.organization || mayCorrectOthers.contains(principal.role) else {
            throw Failure(.notYourEntry)
        }
    }

    private func refusePointing(at target: VehicleEventKind, from kind: VehicleEventKind) throws {
        let isAllowed =
            switch kind {
            case .entryCorrected: !target.pointsAtEntry
            case .entryRetracted: !target.pointsAtEntry || target == .entryCorrected
            default: true
            }
        guard !isAllowed else { return }
        throw Failure(
            .invalidRequest,
            faults: [
                Fault(
                    "/corrects",
                    "not_correctable",
                    zh: "\(target.rawValue) 不能这样更正或撤回",
                    en: "\(target.rawValue) cannot be corrected or retracted this way"
                )
            ]
        )
    }

    private func refuseRetracted(_ tx: any Transaction, _ submission: Submission, _ hash: Digest) throws {
        let chain = try HistoryStore.entries(tx, vin: submission.vin.text, from: 0, limit: .max)
        let isRetracted = try chain.contains { row in
            let envelope = try Envelope.parse(Array(row.envelope.utf8))
            return envelope.corrects == hash && envelope.kind.text == VehicleEventKind.entryRetracted.rawValue
        }
        if isRetracted { throw Failure(.alreadyRetracted) }
    }

    private func checkCorrectedData(_ data: JSON, _ schema: EventSchema, now: Instant) throws {
        let faults = FaultCollector()
        var reader = ObjectReader(members: data["data"]?.members ?? [], pointer: "/data/data", faults: faults)
        schema.check(&reader)
        if let text = data["occurred_at"]?.stringValue {
            let pointer = "/data/occurred_at"
            if let instant = Instant(rfc3339: text) {
                if let fault = Occurrence.fault(in: instant, now: now, at: pointer) { faults.add(fault) }
            } else {
                faults.add(
                    pointer,
                    "time_format",
                    zh: "须为带时区的 RFC 3339 时间",
                    en: "Must be an RFC 3339 time with an offset"
                )
            }
        }
        try faults.throwIfAny()
    }
}

// MARK: - Erasure

extension Histories {
    package struct ErasureRequest: Sendable {
        package let entry: Digest
        package let ground: ErasureGround
        package let reference: String?
        package let ref: String
    }

    /// Deletes the payload of an entry and says so on the chain, in one transaction. The chain verifies as before.
    ///
    /// - Returns: the `payload.erased` entry.
    package func erase(
        _ tx: any Transaction,
        _ request: ErasureRequest,
        vin: VIN,
        by principal: Principal
    ) throws -> StoredRow {
        guard let position = try HistoryStore.position(tx, hash: request.entry), position.vin == vin.text else {
            throw Failure(.entryUnknown)
        }
        try refuseErasure(tx, request, of: position, by: principal)
        guard try HistoryStore.erasePayload(tx, vin: vin.text, seq: position.seq) else {
            throw Failure(.alreadyErased)
        }
        var data: [JSON.Member] = [
            .init("entry", JSON(request.entry.hex)), .init("ground", JSON(request.ground.rawValue)),
        ]
        if let reference = request.reference { data.append(.init("reference", JSON(reference))) }
        let statement = try Statement(
            data: .object(data),
            kind: .payloadErased,
            log: log,
            occurredAt: tx.now.truncatedToMilliseconds,
            ref: request.ref,
            source: principal.organization,
            vin: vin.text
        )
        let source = principal.organization
        let end = try HistoryStore.end(tx, of: vin.text, source: source, ref: request.ref, listener)
        return try extend(tx, end, try Draft(statement, salt: .random()))
    }

    /// What says that something was erased has to stay readable: without it the chain would look broken.
    private func refuseErasure(
        _ tx: any Transaction,
        _ request: ErasureRequest,
        of position: (vin: String, seq: Int64),
        by principal: Principal
    ) throws {
        let faults = FaultCollector()
        let target = try HistoryStore.entry(tx, vin: position.vin, seq: position.seq)
        if try target.map({ try Envelope.parse(Array($0.envelope.utf8)).kind }) == .payloadErased {
            faults.add("/entry", "not_erasable", zh: "删除记录本身不能删除", en: "The record of an erasure cannot be erased")
        }
        if try HistoryStore.position(tx, source: principal.organization, ref: request.ref) != nil {
            faults.add("/ref", "ref_used", zh: "这个 ref 已经用过", en: "This ref was used before")
        }
        try faults.throwIfAny()
    }
}
