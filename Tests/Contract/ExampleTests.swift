import Core
import Cryptography
import Testing

/// Examples are what programmers copy: each has to be what it is an example of.
@Suite struct ExampleTests {
    @Test func `every JSON body and answer has an example that fits its schema`() throws {
        let contract = try APIDocument.load()
        let checker = SchemaChecker(contract: contract)
        for (place, media) in bodies(contract) where media.name.hasSuffix("json") {
            let examples = examples(of: media.value, contract)
            #expect(!examples.isEmpty, "\(place)")
            for example in examples {
                let schema = try #require(media.value["schema"])
                #expect(checker.faults(example, schema) == [], "\(place)")
            }
        }
    }

    @Test func `every line of a text of lines fits the schema of its lines`() throws {
        let contract = try APIDocument.load()
        let checker = SchemaChecker(contract: contract)
        for (place, media) in bodies(contract) where media.name == "application/x-ndjson" {
            let schema = try #require(media.value["x-item-schema"])
            let example = try #require(media.value["example"]?.stringValue)
            #expect(example.hasSuffix("\n"), "\(place)")
            let lines = example.split(separator: "\n")
            #expect(!lines.isEmpty)
            for line in lines where !isRefusedOnPurpose(line) {
                #expect(checker.faults(try JSONParser.parse(Array(line.utf8)), schema) == [], "\(place): \(line)")
            }
        }
    }

    /// The example of an import shows what happens to a line that breaks a rule.
    private func isRefusedOnPurpose(_ line: Substring) -> Bool {
        line.contains("\"odometer_km\":-1")
    }

    @Test func `examples of parameters and headers fit their schemas`() throws {
        let contract = try APIDocument.load()
        let checker = SchemaChecker(contract: contract)
        for kind in ["parameters", "headers"] {
            for part in contract.document["components"]?[kind]?.members ?? [] {
                guard let example = part.value["example"], let schema = part.value["schema"] else { continue }
                #expect(checker.faults(example, schema) == [], "\(part.name)")
            }
        }
    }

    @Test func `the hashes of example entries are those of their texts`() throws {
        var count = 0
        try APIDocument.load().walk { _, json in
            guard let envelope = json["envelope"]?.stringValue, let payload = json["payload"]?.stringValue else {
                return
            }
            count += 1
            #expect(json["hash"]?.stringValue == SHA256.hash(Array(envelope.utf8)).hex)
            let parsed = try? JSONParser.parse(Array(envelope.utf8))
            #expect(parsed?.canonicalBytes == Array(envelope.utf8))
            #expect(parsed?["payload"]?.stringValue == SHA256.hash(Array(payload.utf8)).hex)
        }
        #expect(count > 3)
    }

    @Test func `the hash of the example of an audit record is that of the record`() throws {
        let contract = try APIDocument.load()
        let media = try contract.operation("listAuditRecords").response(200, contract)?.content.first?.value
        let records = try #require(media?["example"]?["data"]?.arrayValue)
        for record in records {
            let canonical = try #require(record["record"]?.canonicalBytes)
            #expect(record["hash"]?.stringValue == SHA256.hash(canonical).hex)
        }
    }

    // MARK: Finding them

    /// Request bodies and successful answers, with where they stand.
    private func bodies(_ contract: APIDocument) -> [(place: String, media: JSON.Member)] {
        contract.operations.flatMap { operation in
            let answers = operation.responses(contract).filter { $0.status.hasPrefix("2") }
            return operation.bodyTypes.map { ("\(operation) body", $0) }
                + answers.flatMap { status, response in response.content.map { ("\(operation) \(status)", $0) } }
        }
    }

    private func examples(of media: JSON, _ contract: APIDocument) -> [JSON] {
        let named = (media["examples"]?.members ?? []).compactMap { contract.resolved($0.value)["value"] }
        return (media["example"].map { [$0] } ?? []) + named
    }
}
