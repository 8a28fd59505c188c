package import Core
package import Cryptography

/// Why a document is no bundle.
package enum BundleError: Error, Sendable, Hashable {
    case tooLarge
    case notJSON
    /// Another format, or a later version of it.
    case unknownFormat
    /// A member is missing, is of another type or beyond its limit.
    case member(String)
    /// A member that the format does not know.
    case unknownMember(String)

    package var explanation: LocalizedText {
        switch self {
        case .tooLarge: LocalizedText(zh: "文件过大，最多 16 MiB", en: "The file is too large: at most 16 MiB")
        case .notJSON: LocalizedText(zh: "文件不是合法的 JSON，或已被截断", en: "The file is no valid JSON, or was cut short")
        case .unknownFormat:
            LocalizedText(
                zh: "文件不是 \(ProofBundle.format) 格式的证明包",
                en: "The file is no proof bundle of the format \(ProofBundle.format)"
            )
        case .member(let name):
            LocalizedText(zh: "成员 \(name) 缺失或不合格式", en: "The member \(name) is missing, or not in its format")
        case .unknownMember(let name):
            LocalizedText(zh: "证明包没有成员 \(name)", en: "A proof bundle has no member \(name)")
        }
    }
}

extension ProofBundle {
    package static let maximumByteCount = 16 << 20
    package static let maximumEntryCount = 20_000
    private static let maximumSourceKeyCount = 1000
    private static let maximumNodeCount = MerkleProof.maximumCount
    /// The document, its entries, one of them, and its proof.
    private static let maximumDepth = 4

    package var bytes: [UInt8] {
        json.bytes
    }

    /// What stands beside the texts of the entries, in bytes.
    package var overhead: Int {
        bytes.count - entries.reduce(0) { $0 + ProofBundle.members(of: $1.stored).bytes.count }
    }

    private static func members(of entry: StoredEntry) -> JSON {
        [
            "envelope": .string(String(decoding: entry.envelope, as: UTF8.self)),
            "payload": .optional(entry.payload) { .string(String(decoding: $0, as: UTF8.self)) },
        ]
    }

    private var json: JSON {
        let document: JSON = [
            "format": .string(ProofBundle.format),
            "vin": .string(vin),
            "checkpoint": .string(checkpoint),
            "vehicles": .string(vehicles),
            "entries": .array(
                entries.map { entry in
                    .object(
                        (ProofBundle.members(of: entry.stored).members ?? []) + [
                            .init("leaf_index", .optional(entry.leaf) { .integer($0.index) }),
                            .init("inclusion", .optional(entry.leaf) { .hashes($0.hashes) }),
                        ]
                    )
                }
            ),
            "completeness": [
                "vrf_proof": .string(vehicleProof.hex),
                "path": .hashes(indexProof.siblings),
                "neighbour": .optional(indexProof.other) {
                    [
                        "vehicle": .string($0.vehicle.hex), "count": .integer($0.count), "head": .string($0.head.hex),
                    ]
                },
            ],
            "source_keys": .object(
                sourceKeys.map {
                    .init(
                        $0.key,
                        ["source": .string($0.source), "public_key": .string(Base64.encode($0.publicKey.bytes))]
                    )
                }
            ),
        ]
        guard let asOf, let members = document.members else { return document }
        let moment: JSON = ["entry_count": .integer(asOf.entryCount), "head": .optional(asOf.head) { .string($0.hex) }]
        return .object(members + [.init("as_of", moment)])
    }

    /// Takes hostile bytes: too many, nested without end, or cut short, they are refused with a reason. White space and
    /// the order of members are free, so that a file may have gone through other programs.
    package init(parsing bytes: [UInt8]) throws(BundleError) {
        guard bytes.count <= ProofBundle.maximumByteCount else { throw .tooLarge }
        guard let json = try? JSONParser.parse(bytes, maximumDepth: ProofBundle.maximumDepth) else { throw .notJSON }
        guard json["format"]?.stringValue == ProofBundle.format else { throw .unknownFormat }
        try json.refuseMembers(
            beside: ["format", "vin", "checkpoint", "vehicles", "entries", "completeness", "source_keys", "as_of"]
        )
        vin = try json.text("vin")
        checkpoint = try json.text("checkpoint")
        vehicles = try json.text("vehicles")
        entries = try json.list("entries", ProofBundle.maximumEntryCount, ProofBundle.entry)
        let completeness = try json.object("completeness", ["vrf_proof", "path", "neighbour"])
        guard let proof = completeness["vrf_proof"]?.stringValue.flatMap({ [UInt8](lowercaseHex: $0) }) else {
            throw .member("completeness/vrf_proof")
        }
        vehicleProof = proof
        guard let siblings = completeness["path"]?.hashes(atMost: 8 * Digest.byteCount) else {
            throw .member("completeness/path")
        }
        indexProof = IndexProof(siblings: siblings, other: try ProofBundle.neighbour(completeness["neighbour"]))
        sourceKeys = try ProofBundle.sourceKeys(json["source_keys"])
        asOf = try json["as_of"].map { _ throws(BundleError) in try ProofBundle.moment(json) }
    }

    private static func entry(_ json: JSON) throws(BundleError) -> BundleEntry? {
        try json.refuseMembers(beside: ["envelope", "payload", "leaf_index", "inclusion"])
        guard let envelope = json["envelope"]?.stringValue, let payload = json["payload"] else { return nil }
        let text = payload.stringValue
        guard text != nil || payload == .null else { return nil }
        let stored = StoredEntry(envelope: Array(envelope.utf8), payload: text.map { Array($0.utf8) })
        if json["leaf_index"] == .null, json["inclusion"] == .null { return BundleEntry(stored) }
        guard let index = json["leaf_index"]?.integerValue,
            let hashes = json["inclusion"]?.hashes(atMost: maximumNodeCount)
        else { return nil }
        return BundleEntry(stored, leaf: LeafProof(index: index, hashes: hashes))
    }

    private static func neighbour(_ json: JSON?) throws(BundleError) -> VehicleHead? {
        if json == .null { return nil }
        try json?.refuseMembers(beside: ["vehicle", "count", "head"])
        guard let vehicle = json?["vehicle"]?.stringValue.flatMap({ Digest(hex: $0) }),
            let count = json?["count"]?.integerValue, let head = json?["head"]?.stringValue.flatMap({ Digest(hex: $0) })
        else { throw .member("completeness/neighbour") }
        return VehicleHead(vehicle: vehicle, count: count, head: head)
    }

    private static func sourceKeys(_ json: JSON?) throws(BundleError) -> [SourceKey] {
        guard let members = json?.members, members.count <= maximumSourceKeyCount else { throw .member("source_keys") }
        var keys: [SourceKey] = []
        for member in members {
            try member.value.refuseMembers(beside: ["source", "public_key"])
            guard let source = member.value["source"]?.stringValue,
                let bytes = member.value["public_key"]?.stringValue.flatMap({ Base64.decode($0) }),
                let publicKey = try? Ed25519.PublicKey(bytes: bytes)
            else { throw .member("source_keys") }
            keys.append(SourceKey(source: source, key: member.name, publicKey: publicKey))
        }
        return keys
    }

    private static func moment(_ json: JSON) throws(BundleError) -> BundleMoment {
        let moment = try json.object("as_of", ["entry_count", "head"])
        guard let count = moment["entry_count"]?.integerValue, let head = moment["head"] else { throw .member("as_of") }
        if head == .null { return BundleMoment(entryCount: count, head: nil) }
        guard let hash = head.stringValue.flatMap({ Digest(hex: $0) }) else { throw .member("as_of") }
        return BundleMoment(entryCount: count, head: hash)
    }
}

extension JSON {
    /// Base64 of each, as proofs have them.
    package static func hashes(_ hashes: [Digest]) -> JSON { .array(hashes.map { .string(Base64.encode($0.bytes)) }) }

    fileprivate func hashes(atMost count: Int) -> [Digest]? {
        guard let elements = arrayValue, elements.count <= count else { return nil }
        let hashes = elements.compactMap { $0.stringValue.flatMap { Base64.decode($0) }.flatMap { Digest(bytes: $0) } }
        return hashes.count == elements.count ? hashes : nil
    }

    fileprivate func refuseMembers(beside names: Set<String>) throws(BundleError) {
        if let unknown = members?.first(where: { !names.contains($0.name) }) { throw .unknownMember(unknown.name) }
    }

    fileprivate func object(_ name: String, _ names: Set<String>) throws(BundleError) -> JSON {
        guard let object = self[name], object.members != nil else { throw .member(name) }
        try object.refuseMembers(beside: names)
        return object
    }

    fileprivate func text(_ name: String) throws(BundleError) -> String {
        guard let text = self[name]?.stringValue else { throw .member(name) }
        return text
    }

    fileprivate func list<Element>(
        _ name: String,
        _ maximumCount: Int,
        _ read: (JSON) throws(BundleError) -> Element?
    ) throws(BundleError) -> [Element] {
        guard let elements = self[name]?.arrayValue, elements.count <= maximumCount else { throw .member(name) }
        var values: [Element] = []
        for element in elements {
            guard let value = try read(element) else { throw .member(name) }
            values.append(value)
        }
        return values
    }
}
