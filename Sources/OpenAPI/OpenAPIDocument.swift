package import Core
import Cryptography
import Yams

/// The contract of the API: what is not in it does not exist, and a test holds the server to it.
package enum OpenAPIDocument {
    /// As it is served and kept in the repository.
    package static let bytes: [UInt8] = Array(EmbeddedText.openapi.utf8)

    package static let entityTag = tag(of: bytes)

    /// The whole document. Reading it takes far longer than anything else that a request asks for: keep the result.
    ///
    /// - Throws: where it is no YAML, or holds what JSON cannot say. Neither happens to a document that was tested.
    package static func tree() throws -> JSON {
        // Without rules: what a plain scalar means is decided below, by the core schema of YAML 1.2 alone. The default
        // rules are those of YAML 1.1, in which `no` is false.
        guard let root = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self), .basic) else {
            throw UnreadableDocument(what: "it is empty")
        }
        return try JSON(root)
    }

    /// 64 bits: enough to tell one version from another.
    static func tag(of bytes: [UInt8]) -> String {
        SHA256.hash(bytes).bytes.prefix(8).hex
    }
}

struct UnreadableDocument: Error {
    let what: String
}

extension JSON {
    fileprivate init(_ node: Node) throws {
        switch node {
        case .scalar(let scalar): self = scalar.style == .plain ? JSON(plain: scalar.string) : .string(scalar.string)
        case .sequence(let nodes): self = .array(try nodes.map { try JSON($0) })
        case .mapping(let pairs):
            self = .object(
                try pairs.map { name, value in
                    guard let name = name.scalar?.string else { throw UnreadableDocument(what: "a name is no text") }
                    return Member(name, try JSON(value))
                }
            )
        case .alias: throw UnreadableDocument(what: "an alias, which many readers limit or refuse")
        }
    }

    /// YAML 1.2, section 10.3.2, without floating point numbers.
    private init(plain text: String) {
        switch text {
        case "", "~", "null": self = .null
        case "true": self = .bool(true)
        case "false": self = .bool(false)
        default: self = Int64(text).map { .integer($0) } ?? .string(text)
        }
    }
}
