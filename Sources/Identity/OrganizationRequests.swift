package import Core

/// What is asked of the platform about an organisation, read and checked, before the store has been looked at.
extension Organization {
    package struct Draft: Sendable, Hashable {
        package let kind: OrganizationKind
        package let name: String
        package let uscc: USCC

        package init(kind: OrganizationKind, name: String, uscc: USCC) {
            self.kind = kind
            self.name = name
            self.uscc = uscc
        }

        package init(reading json: JSON) throws {
            var reader = try ObjectReader(json)
            let kind = reader.oneOf("kind", OrganizationKind.self)
            let name = reader.line("name", length: Organization.nameLength)
            let uscc = reader.value("uscc", as: USCC.self)
            reader.refuseUnknownMembers()
            if kind == .platform {
                reader.fault(
                    "kind",
                    "not_allowed",
                    zh: "平台机构只能在初始化时建立",
                    en: "The platform's organisation is made at bootstrap only"
                )
            }
            try reader.faults.throwIfAny()
            guard let kind, let name, let uscc else { throw Failure(.invalidRequest) }
            self.init(kind: kind, name: name, uscc: uscc)
        }
    }

    /// A merge patch (RFC 7396) of the members that may change.
    package struct Patch: Sendable, Hashable {
        package let name: String?
        package let signaturesRequired: Bool?

        private static let readOnly: Set<String> = [
            "id", "kind", "uscc", "status", "suspended_at", "suspension_reason", "created_at",
        ]

        /// - Parameter mayRename: sources may not call themselves what they like: buyers read the name beside every
        ///   event, and the platform has checked it.
        package init(reading json: JSON, mayRename: Bool) throws {
            var reader = try ObjectReader(json)
            name = reader.patched("name", of: json) { $0.line("name", length: Organization.nameLength) }
            signaturesRequired = reader.patched("signatures_required", of: json) { $0.bool("signatures_required") }
            let readOnly = mayRename ? Patch.readOnly : Patch.readOnly.union(["name"])
            let refused = (json.members ?? []).map(\.name).filter(readOnly.contains)
            for member in refused {
                _ = reader.json(member, required: false)
                reader.fault(member, "read_only_field", zh: "只读成员，不能修改", en: "The member is read-only")
            }
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny(refused.isEmpty ? .invalidRequest : .readOnlyField)
        }
    }
}

extension ObjectReader {
    /// A name or a reason on one line, with something to see in it.
    package mutating func line(_ name: String, required: Bool = true, length: ClosedRange<Int>) -> String? {
        guard let text = string(name, required: required, length: length) else { return nil }
        guard !text.contains(where: \.isNewline), text.contains(where: { !$0.isWhitespace }) else {
            fault(name, "blank_or_broken", zh: "须为一行非空白文字", en: "Must be one line of text that is not blank")
            return nil
        }
        return text
    }

    /// A member of a merge patch: absent means that it stays as it is, `null` would remove what cannot be missing.
    mutating func patched<Value>(
        _ name: String,
        of patch: JSON,
        _ read: (inout ObjectReader) -> Value?
    ) -> Value? {
        guard let value = patch[name] else { return nil }
        guard value != .null else {
            _ = json(name, required: false)
            fault(name, "required", zh: "必填成员不能删除", en: "The member is required and cannot be removed")
            return nil
        }
        return read(&self)
    }
}
