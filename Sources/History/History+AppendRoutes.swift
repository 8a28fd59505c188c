import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
import TransparencyLog
import Web

extension HistoryService {
    var appendEndpoints: [Endpoint] {
        [
            Endpoint(
                .post,
                "/v1/vehicles/{vin}/events",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.eventAppend),
                handler: appendEvent
            ),
            Endpoint(
                .post,
                "/v1/events/import",
                body: .stream(mediaTypes: ["application/x-ndjson"], maximumBytes: Limits.importBytes),
                produces: ["application/x-ndjson"],
                repetition: .keyed,
                rateLimit: .bulk,
                deadlineSeconds: Limits.importDeadlineSeconds,
                authorize: Policy.authorize(.eventImport),
                handler: importEvents
            ),
            Endpoint(
                .post,
                "/v1/vehicles/{vin}/erasures",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.payloadErase),
                handler: erasePayload
            ),
        ]
    }

    private func appendEvent(_ call: Call) async throws -> Reply {
        let principal = try call.requirePrincipal()
        let submission = try Submission(call.json, vin: try call.vin(), now: clock.now())
        let prepared = try await complete(try histories.prepare(submission, by: principal), of: principal)
        let foresight = call.foreseen(with: histories.foresight(prepared, by: principal))
        let (reply, appended) = try await database.writeRetrying(foreseeing: foresight) {
            tx -> (Reply, Histories.Appended?) in
            var appended: Histories.Appended?
            let reply = try call.once(in: tx, keptSeconds: HistoryLimits.appendReplaySeconds) {
                let row = try histories.append(tx, prepared, by: principal)
                appended = row
                return self.reply(to: row, submission)
            }
            return (reply, appended)
        }
        guard let appended, let seconds = call.waitSeconds else { return reply }
        let placed = try await waiting(appended, seconds: seconds)
        return self.reply(to: placed, submission).with(.preferenceApplied, "wait=\(seconds)")
    }

    /// The entry with its place in the log, or as it is where it has none in time.
    private func waiting(_ appended: Histories.Appended, seconds: Int64) async throws -> Histories.Appended {
        guard appended.row.leafIndex == nil, let transparency = histories.transparency else { return appended }
        var row = appended.row
        row.leafIndex = try await transparency.place(of: row.hash, waiting: .seconds(seconds))
        return Histories.Appended(row: row, isNew: appended.isNew, differs: appended.differs)
    }

    private func reply(to appended: Histories.Appended, _ submission: Submission) -> Reply {
        var writer = JSONWriter(capacity: 2048)
        writer.raw("{")
        appended.row.writeMembers(to: &writer)
        writer.raw(appended.row.stateMember)
        if appended.differs { writer.raw(",\"submission_differs\":true") }
        if !submission.vin.warnings.isEmpty {
            writer.raw(",\"warnings\":")
            writer.write(.array(submission.vin.warnings.map(\.json)))
        }
        writer.raw("}")
        return Reply.json(bytes: writer.bytes, status: appended.isNew ? .created : .ok)
            .withLocation("/v1/entries/\(appended.row.hash.hex)")
    }

    /// Checks the source's signature over what it says, where it signs or has asked to be held to signing, and finds
    /// out what the car goes by in the log.
    ///
    /// Outside the write transaction: either takes ten times as long as the append itself.
    private func complete(
        _ prepared: Histories.Prepared,
        of principal: Principal
    ) async throws -> Histories.Prepared {
        let (organization, vin) = (principal.organization, prepared.submission.vin.text)
        let isLogged = histories.transparency != nil
        let (keys, vehicle) = try await database.read { tx in
            let keys = try SigningKeys.standing(tx, organization: organization)
            return (keys, isLogged ? try TransparencyLog.vehicle(tx, named: vin) : nil)
        }
        try checkSignature(prepared.draft, keys)
        var complete = prepared
        complete.vehicle = try vehicle ?? histories.transparency?.makeVehicle(named: vin)
        return complete
    }

    func checkSignature(_ draft: Draft, _ keys: SigningKeys.Standing) throws {
        guard let signature = draft.signature else {
            if keys.signaturesRequired { throw Failure(.signatureRequired) }
            return
        }
        guard let key = keys.active[signature.key], draft.statement.isSigned(by: key, signature) else {
            throw Failure(
                .signatureInvalid,
                faults: [
                    Fault(
                        "/sig",
                        "signature_invalid",
                        zh: "签名与公钥 \(signature.key) 不符，或该公钥不可用",
                        en: "The signature does not verify under the key \(signature.key), or the key is not active"
                    )
                ]
            )
        }
    }

    private func erasePayload(_ call: Call) async throws -> Reply {
        let principal = try call.requirePrincipal()
        let vin = try call.vin()
        var reader = try ObjectReader(call.json)
        let entry = reader.value("entry", as: HashText.self).flatMap { Digest(hex: $0.text) }
        let ground = reader.oneOf("ground", ErasureGround.self)
        let reference = reader.string("reference", required: false, length: 1...EventLimits.shortTextCharacters)
        let ref = reader.string("ref", length: 1...EventLimits.refCharacters)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let entry, let ground, let ref else { throw Failure(.invalidRequest) }
        let request = Histories.ErasureRequest(entry: entry, ground: ground, reference: reference, ref: ref)
        let reply = try await database.writeRetrying { tx in
            try call.once(in: tx) {
                let row = try histories.erase(tx, request, vin: vin, by: principal)
                try AuditTrail.append(
                    tx,
                    AuditEntry(
                        chain: principal.organization,
                        action: Action.payloadErase.rawValue,
                        origin: Origin(call),
                        outcome: .done,
                        subject: entry.hex,
                        detail: [.init("ground", JSON(ground.rawValue))]
                    )
                )
                var writer = JSONWriter()
                writer.raw("{")
                row.writeMembers(to: &writer)
                writer.raw(row.stateMember)
                writer.raw("}")
                return Reply.json(bytes: writer.bytes, status: .created).withLocation("/v1/entries/\(row.hash.hex)")
            }
        }
        // The payload is gone for every reader already. A reader that still needs the log's old pages only puts off
        // when they are overwritten.
        try? await database.forgetDeleted()
        return reply
    }
}

extension Call {
    /// As long as anybody waits, in seconds, whatever is asked for.
    private static let longestWaitSeconds: Int64 = 10

    /// `Prefer: wait=5` (RFC 7240, section 4.3); `nil` where nothing of the kind is asked for.
    fileprivate var waitSeconds: Int64? {
        let preferences = (headers[.prefer] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        let wait = preferences.first { $0.lowercased().hasPrefix("wait=") }
        return wait.flatMap { Int64($0.dropFirst(5)) }.flatMap { $0 > 0 ? min($0, Call.longestWaitSeconds) : nil }
    }
}

extension StoredRow {
    /// Whether the log's tree has it yet.
    var stateMember: StaticString {
        leafIndex == nil ? ",\"state\":\"chained\"" : ",\"state\":\"integrated\""
    }

    /// `"hash"`, `"seq"`, `"leaf_index"`, `"envelope"` and `"payload"`: how an entry is shown everywhere.
    /// About how long `writeMembers` writes: quotes take two bytes, and every second or third one is an escaped one.
    var jsonByteCount: Int {
        (envelope.utf8.count + (payload?.utf8.count ?? 0)) * 5 / 4 + 160
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.raw("\"hash\":")
        writer.string(hash.hex)
        writer.raw(",\"seq\":")
        writer.integer(seq)
        writer.raw(",\"leaf_index\":")
        if let leafIndex { writer.integer(leafIndex) } else { writer.raw("null") }
        writer.raw(",\"envelope\":")
        writer.string(envelope)
        writer.raw(",\"payload\":")
        if let payload { writer.string(payload) } else { writer.raw("null") }
    }
}
