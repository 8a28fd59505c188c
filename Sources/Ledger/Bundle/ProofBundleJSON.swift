package import Core
import Cryptography

/// Why a document is no bundle.
package enum BundleError: Error, Sendable, Hashable {
    case tooLarge
    case notJSON
    /// Another format, or a later version of it.
    case unknownFormat
    /// A member is missing, is of another type or beyond its limit.
    case member(String)
    /// The same content, written in another way, or with members that the format does not know.
    case notCanonical

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
        case .notCanonical:
            LocalizedText(zh: "文件不是证明包的规范写法", en: "The file is not written as a proof bundle is")
        }
    }
}

extension ProofBundle {
    package static let maximumByteCount = 16 << 20
    package static let maximumEntryCount = 20_000
    private static let maximumSourceKeyCount = 1000
    /// The document, a list in it, and an object in that.
    private static let maximumDepth = 3

    /// One bundle has one text: any other is refused when it is read.
    package var bytes: [UInt8] {
        json.bytes
    }

    /// What stands beside the entries, in bytes.
    package var overhead: Int {
        var bare = self
        bare.entries = []
        return bare.bytes.count
    }

    private var json: JSON {
        [
            "format": .string(ProofBundle.format),
            "log": .string(log),
            "vin": .string(vin),
            "entries": .array(
                entries.map { entry in
                    [
                        "envelope": .string(String(decoding: entry.envelope, as: UTF8.self)),
                        "payload": .optional(entry.payload) { .string(String(decoding: $0, as: UTF8.self)) },
                    ]
                }
            ),
            "leaf_indexes": .array(leafIndexes.map { .integer($0) }),
            "inclusion": .string(Base64.encode(inclusion.flatMap(\.bytes))),
            "vehicle_proof": .string(Base64.encode(vehicleProof)),
            "index_proof": .string(Base64.encode(indexProof.siblings.flatMap(\.bytes))),
            "index_neighbour": .optional(indexProof.other) { .string(Base64.encode($0.bytes)) },
            "checkpoint": .string(checkpoint),
            "vehicle_index": .string(vehicleIndex),
            "source_keys": .array(
                sourceKeys.map {
                    [
                        "source": .string($0.source),
                        "key": .string($0.key),
                        "public_key": .string(Base64.encode($0.publicKey.bytes)),
                    ]
                }
            ),
        ]
    }

    /// Takes hostile bytes: too many, nested without end, or cut short, they are refused with a reason.
    package init(parsing bytes: [UInt8]) throws(BundleError) {
        guard bytes.count <= ProofBundle.maximumByteCount else { throw .tooLarge }
        guard let json = try? JSONParser.parse(bytes, maximumDepth: ProofBundle.maximumDepth) else { throw .notJSON }
        guard json["format"]?.stringValue == ProofBundle.format else { throw .unknownFormat }
        log = try json.text("log")
        vin = try json.text("vin")
        entries = try json.list("entries", ProofBundle.maximumEntryCount, ProofBundle.entry)
        leafIndexes = try json.list("leaf_indexes", ProofBundle.maximumEntryCount) { $0.integerValue }
        inclusion = try json.hashes("inclusion")
        vehicleProof = try json.base64("vehicle_proof")
        let siblings = try json.hashes("index_proof")
        indexProof = IndexProof(siblings: siblings, other: try ProofBundle.neighbour(json))
        checkpoint = try json.text("checkpoint")
        vehicleIndex = try json.text("vehicle_index")
        sourceKeys = try json.list("source_keys", ProofBundle.maximumSourceKeyCount, ProofBundle.sourceKey)
        guard self.bytes == bytes else { throw .notCanonical }
    }

    private static func entry(_ json: JSON) -> StoredEntry? {
        guard let envelope = json["envelope"]?.stringValue, let payload = json["payload"] else { return nil }
        let text = payload.stringValue
        guard text != nil || payload == .null else { return nil }
        return StoredEntry(envelope: Array(envelope.utf8), payload: text.map { Array($0.utf8) })
    }

    private static func sourceKey(_ json: JSON) -> SourceKey? {
        guard let source = json["source"]?.stringValue, let key = json["key"]?.stringValue,
            let bytes = json["public_key"]?.stringValue.flatMap({ Base64.decode($0) }),
            let publicKey = try? Ed25519.PublicKey(bytes: bytes)
        else { return nil }
        return SourceKey(source: source, key: key, publicKey: publicKey)
    }

    private static func neighbour(_ json: JSON) throws(BundleError) -> VehicleHead? {
        if json["index_neighbour"] == .null { return nil }
        let bytes = try json.base64("index_neighbour")
        guard let head = VehicleHead(bytes: bytes) else { throw .member("index_neighbour") }
        return head
    }
}

extension JSON {
    fileprivate func text(_ name: String) throws(BundleError) -> String {
        guard let text = self[name]?.stringValue else { throw .member(name) }
        return text
    }

    fileprivate func base64(_ name: String) throws(BundleError) -> [UInt8] {
        guard let bytes = Base64.decode(try text(name)) else { throw .member(name) }
        return bytes
    }

    fileprivate func hashes(_ name: String) throws(BundleError) -> [Digest] {
        guard let hashes = [Digest](packed: try base64(name)) else { throw .member(name) }
        return hashes
    }

    fileprivate func list<Element>(
        _ name: String,
        _ maximumCount: Int,
        _ read: (JSON) -> Element?
    ) throws(BundleError) -> [Element] {
        guard let elements = self[name]?.arrayValue, elements.count <= maximumCount else { throw .member(name) }
        let values = elements.compactMap(read)
        guard values.count == elements.count else { throw .member(name) }
        return values
    }
}
