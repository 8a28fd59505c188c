import Core
import Identity
import Outbound

extension Watch {
    /// A watch that is asked for.
    struct Draft: Sendable {
        let subject: Subject
        let name: String?
        let url: String?

        /// - Parameter types: the notices that there are.
        /// - Throws: `invalidRequest` with every fault.
        init(reading json: JSON, policy: OutboundPolicy, types known: Set<String>) throws {
            var reader = try ObjectReader(json)
            let kind = reader.oneOf("kind", Subject.Kind.self)
            let vin = reader.value("vin", as: VIN.self, required: kind == .vehicle)
            let types = reader.noticeTypes(known, required: kind == .notices)
            let name = reader.line("name", required: false, length: WatchLimits.nameCharacters)
            let url = reader.webhookURL(policy)
            reader.refuseUnknownMembers()
            if let kind {
                if kind != .vehicle, json.has("vin") { reader.refuse("vin", ofOthers: .vehicle) }
                if kind != .notices, json.has("types") { reader.refuse("types", ofOthers: .notices) }
            }
            try reader.faults.throwIfAny()
            guard let kind, let subject = Subject(kind, vin, types) else { throw Failure(.invalidRequest) }
            self.subject = subject
            self.name = name
            self.url = url
        }
    }

    /// A merge patch (RFC 7396) of the members that may change.
    struct Patch: Sendable {
        let name: Change<String>
        let url: Change<String>
        let state: State?

        enum Change<Value: Sendable & Equatable>: Sendable {
            case unchanged
            /// `nil` takes it away.
            case set(Value?)
        }

        /// What a caller may set. Only the platform disables.
        private enum Choice: String, CaseIterable {
            case active
            case paused
        }

        private static let readOnly: Set<String> = [
            "id", "kind", "vin", "types", "state_reason", "state_since", "failing_since", "former_secret_until",
            "created_at",
        ]

        init(reading json: JSON, policy: OutboundPolicy) throws {
            var reader = try ObjectReader(json)
            let name = reader.line("name", required: false, length: WatchLimits.nameCharacters)
            let url = reader.webhookURL(policy)
            self.name = json["name"] == nil ? .unchanged : .set(name)
            self.url = json["url"] == nil ? .unchanged : .set(url)
            let choice = json["state"] == nil ? nil : reader.oneOf("state", Choice.self)
            state = choice.map { $0 == .active ? .active : .paused }
            let refused = (json.members ?? []).map(\.name).filter(Patch.readOnly.contains)
            for member in refused {
                _ = reader.json(member, required: false)
                reader.fault(member, "read_only_field", zh: "只读成员，不能修改", en: "The member is read-only")
            }
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny(refused.isEmpty ? .invalidRequest : .readOnlyField)
        }
    }
}

extension Watch.Subject {
    fileprivate init?(_ kind: Kind, _ vin: VIN?, _ types: [String]?) {
        switch (kind, vin, types) {
        case (.vehicle, let vin?, _): self = .vehicle(vin)
        case (.stock, _, _): self = .stock
        case (.notices, _, let types?): self = .notices(types)
        default: return nil
        }
    }
}

extension JSON {
    fileprivate func has(_ name: String) -> Bool { self[name].map { $0 != .null } ?? false }
}

extension ObjectReader {
    fileprivate mutating func webhookURL(_ policy: OutboundPolicy) -> String? {
        parsed("url", required: false) { text throws(TextFault) in try OutboundURL(parsing: text, policy).text }
    }

    fileprivate func refuse(_ name: String, ofOthers kind: Watch.Subject.Kind) {
        fault(
            name,
            "not_allowed",
            zh: "只有 kind 为 \(kind.rawValue) 时才能填写",
            en: "Only goes with the kind \(kind.rawValue)"
        )
    }

    fileprivate mutating func noticeTypes(_ known: Set<String>, required: Bool) -> [String]? {
        guard let elements = array("types", count: WatchLimits.noticeTypes, required: required) else { return nil }
        for (index, element) in elements.enumerated() where element.stringValue.map(known.contains) != true {
            let all = known.sorted().joined(separator: ", ")
            faults.add(
                "\(pointer(to: "types"))/\(index)",
                "not_allowed",
                zh: "只能是：\(all)",
                en: "Must be one of: \(all)"
            )
        }
        return Set(elements.compactMap(\.stringValue)).sorted()
    }
}
