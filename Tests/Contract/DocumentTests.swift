import Core
import Cryptography
import OpenAPI
import Testing
import Yams

/// The document as a file that others' tools read.
@Suite struct DocumentTests {
    @Test func `it is OpenAPI 3_1, and every reference leads somewhere`() throws {
        let contract = try APIDocument.load()
        #expect(contract.document["openapi"] == "3.1.0")
        var count = 0
        contract.walk { path, json in
            guard json["$ref"] != nil else { return }
            count += 1
            #expect(contract.resolved(json) != .null, "\(path.joined(separator: "/"))")
        }
        #expect(count > 100)
    }

    @Test func `every component is referred to`() throws {
        let contract = try APIDocument.load()
        var used: Set<String> = []
        contract.walk { _, json in
            if let reference = json["$ref"]?.stringValue { used.insert(reference) }
            for choice in json["discriminator"]?["mapping"]?.members ?? [] {
                used.insert("#/components/schemas/\(choice.value.stringValue ?? "")")
            }
        }
        for kind in contract.document["components"]?.members ?? [] where kind.name != "securitySchemes" {
            for component in kind.value.members ?? [] {
                #expect(used.contains("#/components/\(kind.name)/\(component.name)"), "\(kind.name)/\(component.name)")
            }
        }
    }

    /// Readers of YAML 1.1 take `no` for false and a date for a time.
    @Test func `no scalar means something else to an old reader`() throws {
        let yaml = String(decoding: OpenAPIDocument.bytes, as: UTF8.self)
        let old = try #require(try Yams.compose(yaml: yaml))
        expectSame(old, try OpenAPIDocument.tree(), at: "")
    }

    private func expectSame(_ old: Node, _ json: JSON, at place: String) {
        switch (old, json) {
        case (.mapping(let pairs), .object(let members)):
            #expect(pairs.compactMap { $0.key.scalar?.string } == members.map(\.name), "\(place)")
            for (pair, member) in zip(pairs, members) {
                #expect(pair.key.tag.rawValue.hasSuffix(":str"), "\(place)/\(member.name)")
                expectSame(pair.value, member.value, at: "\(place)/\(member.name)")
            }
        case (.sequence(let nodes), .array(let elements)):
            #expect(nodes.count == elements.count, "\(place)")
            for (index, (node, element)) in zip(nodes, elements).enumerated() {
                expectSame(node, element, at: "\(place)/\(index)")
            }
        case (.scalar, _):
            #expect(old.tag.rawValue == tag(of: json), "\(place)")
        default:
            Issue.record("\(place) is of another kind")
        }
    }

    private func tag(of json: JSON) -> String {
        let type =
            switch json {
            case .null: "null"
            case .bool: "bool"
            case .integer: "int"
            default: "str"
            }
        return "tag:yaml.org,2002:\(type)"
    }

    @Test func `its entity tag changes with its bytes`() {
        #expect(OpenAPIDocument.entityTag == SHA256.hash(OpenAPIDocument.bytes).bytes.prefix(8).hex)
    }
}
