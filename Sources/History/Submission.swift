package import Core
package import Cryptography
package import Ledger
import Web

/// An event as a source reports it, checked for everything that needs no look at the store.
package struct Submission: Sendable {
    package let vin: VIN
    package let schema: EventSchema
    package let occurredAt: Instant
    package let ref: String
    package let data: JSON
    /// The entry that a correction or retraction points at.
    package let corrects: Digest?
    package let signature: SourceSignature?
    package let expectedHead: ExpectedHead?
}

/// When something may have happened, first reported or corrected.
enum Occurrence {
    /// 1950-01-01T00:00:00Z: nothing that is traded as a used car is older.
    private static let earliest = Instant(milliseconds: -631_152_000_000)

    static func fault(in instant: Instant, now: Instant, at pointer: String) -> Fault? {
        if instant > now.adding(seconds: EventLimits.clockSkewSeconds) {
            return Fault(pointer, "in_the_future", zh: "发生时间晚于当前时间", en: "It has not happened yet")
        }
        if instant < earliest {
            return Fault(pointer, "too_early", zh: "发生时间早于 1950 年", en: "Before the year 1950")
        }
        return nil
    }
}

/// What the caller believes the chain's head to be.
package enum ExpectedHead: Sendable, Hashable {
    case none
    case hash(Digest)
}

extension Submission {
    /// Reads one event of a request body or an import line.
    ///
    /// - Parameter vin: from the path; `nil` where the line carries its own.
    /// - Throws: `Failure.invalidRequest` naming every fault of the event, its data included.
    package init(_ json: JSON, vin pathVIN: VIN?, now: Instant) throws {
        var reader = try ObjectReader(json)
        let vin = pathVIN ?? reader.value("vin", as: VIN.self)
        let schema = Submission.schema(&reader)
        let occurredAt = Submission.occurrence(&reader, now: now)
        let ref = Submission.ref(&reader)
        let data = Submission.data(&reader, schema)
        let corrects = Submission.target(&reader, schema)
        let signature = Submission.signature(&reader)
        let expectedHead = Submission.expectedHead(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let vin, let schema, let occurredAt, let ref, let data else {
            throw Failure(.invalidRequest)
        }
        self.vin = vin
        self.schema = schema
        self.occurredAt = occurredAt
        self.ref = ref
        self.data = data
        self.corrects = corrects
        self.signature = signature
        self.expectedHead = expectedHead
    }

    private static func schema(_ reader: inout ObjectReader) -> EventSchema? {
        guard let name = reader.string("kind", length: 1...EventLimits.shortTextCharacters) else { return nil }
        guard let schema = EventRegistry.schema(named: name) else {
            reader.fault("kind", "unknown_kind", zh: "没有这种事件", en: "There is no such kind of event")
            return nil
        }
        guard schema.kind != .payloadErased else {
            reader.fault(
                "kind",
                "kind_not_submitted",
                zh: "删除内容须通过 erasures 接口办理",
                en: "A payload is erased through the erasures resource"
            )
            return nil
        }
        return schema
    }

    private static func occurrence(_ reader: inout ObjectReader, now: Instant) -> Instant? {
        guard let instant = reader.instant("occurred_at") else { return nil }
        if let fault = Occurrence.fault(in: instant, now: now, at: reader.pointer(to: "occurred_at")) {
            reader.faults.add(fault)
            return nil
        }
        return instant.truncatedToMilliseconds
    }

    private static func ref(_ reader: inout ObjectReader) -> String? {
        guard let ref = reader.string("ref", length: 1...EventLimits.refCharacters) else { return nil }
        guard !ref.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\t" }) else {
            reader.fault("ref", "control_character", zh: "不能含换行或制表符", en: "Must not contain line breaks or tabs")
            return nil
        }
        return ref
    }

    private static func data(_ reader: inout ObjectReader, _ schema: EventSchema?) -> JSON? {
        guard let json = reader.json("data"), var data = reader.object("data") else { return nil }
        schema?.check(&data)
        guard json.depth < JSONParser.ledgerDepth else {
            let depth = JSONParser.ledgerDepth - 1
            reader.fault("data", "too_deep", zh: "嵌套超过 \(depth) 层", en: "Nested more than \(depth) levels deep")
            return nil
        }
        guard json.canonicalBytes.count <= EventLimits.dataBytes else {
            let limit = EventLimits.dataBytes
            reader.fault("data", "too_large", zh: "超过 \(limit) 字节", en: "More than \(limit) bytes")
            return nil
        }
        return json
    }

    private static func target(_ reader: inout ObjectReader, _ schema: EventSchema?) -> Digest? {
        let pointsAtEntry = schema?.kind.pointsAtEntry == true
        let hash = reader.value("corrects", as: HashText.self, required: pointsAtEntry)
        if let schema, !pointsAtEntry, hash != nil {
            reader.fault(
                "corrects",
                "not_a_correction",
                zh: "\(schema.kind.rawValue) 不能指向其他记录",
                en: "\(schema.kind.rawValue) points at no other entry"
            )
        }
        return hash.flatMap { Digest(hex: $0.text) }
    }

    private static func signature(_ reader: inout ObjectReader) -> SourceSignature? {
        let key = reader.string("key", required: false, length: 1...EventLimits.shortTextCharacters)
        let text = reader.string("sig", required: key != nil, length: 1...EventLimits.refCharacters)
        guard let text else { return nil }
        guard let key else {
            reader.fault("key", "required", zh: "有签名时必须注明公钥", en: "A signature needs the id of its key")
            return nil
        }
        do {
            return try SourceSignature(key: key, base64: text)
        } catch let failure as Failure {
            for fault in failure.faults { reader.faults.add(fault) }
        } catch {
            reader.fault("sig", "signature_format", zh: "签名格式不对", en: "Not a signature")
        }
        return nil
    }

    private static func expectedHead(_ reader: inout ObjectReader) -> ExpectedHead? {
        guard let text = reader.string("expected_head", required: false, length: 1...Digest.hexCount) else {
            return nil
        }
        if text == "none" { return ExpectedHead.none }
        guard let hash = Digest(hex: text) else {
            reader.fault(
                "expected_head",
                "hash_format",
                zh: "须为 64 位小写十六进制，或 none（尚无记录）",
                en: "Must be 64 lower-case hexadecimal digits, or none where there is no entry yet"
            )
            return nil
        }
        return .hash(hash)
    }
}

extension JSON {
    /// Levels of nesting, an object or array counting one.
    var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }
}
