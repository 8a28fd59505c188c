import Core
import History
import Testing
import Web

/// The schemas of events against the registry that submissions are checked by.
@Suite struct EventKindTests {
    @Test func `every kind of the registry has its schema, and no other kind has one`() throws {
        let contract = try APIDocument.load()
        let registered = Set(EventRegistry.schemas.map(\.kind.rawValue))
        #expect(Set(eventSchemas(contract).keys) == registered)
        #expect(Set(contract.schema("EventKindName")["enum"]?.strings ?? []) == registered)
    }

    /// Whether a kind is submitted at all is History's to say: its own check of a submission is asked.
    @Test func `the kinds that may be submitted are those of the discriminator`() throws {
        let contract = try APIDocument.load()
        let submission = contract.schema("EventByKind")
        let mapping = submission["discriminator"]?["mapping"]?.members ?? []
        let submitted = EventRegistry.schemas.map(\.kind.rawValue).filter(isSubmitted)
        #expect(Set(mapping.map(\.name)) == Set(submitted))
        let alternatives = (submission["oneOf"]?.arrayValue ?? []).compactMap { $0["$ref"]?.stringValue }
        #expect(alternatives == mapping.compactMap { $0.value.stringValue.map { "#/components/schemas/\($0)" } })
        for choice in mapping {
            let schema = contract.schema(choice.value.stringValue ?? "")
            #expect(schema["properties"]?["kind"]?["const"]?.stringValue == choice.name)
        }
    }

    @Test(arguments: EventRegistry.schemas.map(\.kind))
    func `fields, their types, labels and reporters are the registry's`(_ kind: VehicleEventKind) throws {
        let contract = try APIDocument.load()
        let registered = try #require(EventRegistry.schema(named: kind.rawValue))
        let schema = try #require(eventSchemas(contract)[kind.rawValue])
        #expect(schema["title"]?.stringValue == bilingual(registered.title))
        #expect(Set(schema["x-reporters"]?.strings ?? []) == Set(registered.reporters.map(\.rawValue)))
        let data = try #require(schema["properties"]?["data"])
        #expect(data["additionalProperties"] == false)
        let fields = data["properties"]?.members ?? []
        #expect(fields.map(\.name) == registered.fields.map(\.name))
        let required = Set(registered.fields.filter(\.isRequired).map(\.name))
        #expect(Set(data["required"]?.strings ?? []) == required)
        for (field, member) in zip(registered.fields, fields) {
            #expect(constraints(member.value, contract) == constraints(of: field.type, contract), "\(field.name)")
            let title = member.value["title"] ?? contract.resolved(member.value)["title"]
            #expect(title?.stringValue == bilingual(field.label), "\(field.name)")
        }
    }

    @Test func `only corrections and retractions name the entry that they point at`() throws {
        for (kind, schema) in eventSchemas(try APIDocument.load()) where kind != VehicleEventKind.payloadErased.rawValue
        {
            let pointsAtEntry = VehicleEventKind(rawValue: kind)?.pointsAtEntry == true
            #expect((schema["properties"]?["corrects"] != nil) == pointsAtEntry, "\(kind)")
            #expect((schema["required"]?.strings.contains("corrects") == true) == pointsAtEntry, "\(kind)")
        }
    }

    // MARK: Reading both sides

    /// Schemas of events, by their kind.
    private func eventSchemas(_ contract: APIDocument) -> [String: JSON] {
        contract.schemas.filter { $0.name.hasSuffix("Event") }.reduce(into: [:]) { found, schema in
            if let kind = schema.value["properties"]?["kind"]?["const"]?.stringValue { found[kind] = schema.value }
        }
    }

    private func isSubmitted(_ kind: String) -> Bool {
        let event: JSON = ["kind": JSON(kind), "occurred_at": "2026-01-01T00:00:00Z", "ref": "r", "data": [:]]
        do {
            _ = try Submission(event, vin: nil, now: Instant(milliseconds: 1_800_000_000_000))
            return true
        } catch {
            let faults = (error as? Failure)?.faults ?? []
            return !faults.contains { $0.pointer == "/kind" }
        }
    }

    private func bilingual(_ text: LocalizedText) -> String {
        "\(text.zh) / \(text.en)"
    }

    /// A schema without what explains it, references followed, in its canonical form.
    private func constraints(_ schema: JSON, _ contract: APIDocument) -> String {
        String(decoding: withoutWords(schema, contract).canonicalBytes, as: UTF8.self)
    }

    private func withoutWords(_ schema: JSON, _ contract: APIDocument) -> JSON {
        let explaining: Set<String> = ["title", "description", "examples"]
        let members = (contract.resolved(schema).members ?? []).filter { !explaining.contains($0.name) }
        return .object(
            members.map { $0.name == "items" ? JSON.Member($0.name, withoutWords($0.value, contract)) : $0 }
        )
    }

    /// Money is spelled out in the document, where the registry only says that it has an amount and a currency.
    private func constraints(of type: FieldType, _ contract: APIDocument) -> String {
        constraints(type == .money ? contract.schema("Money") : type.json, contract)
    }
}
