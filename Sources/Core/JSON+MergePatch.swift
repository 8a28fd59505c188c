extension JSON {
    /// RFC 7396.
    package func merged(with patch: JSON) -> JSON {
        guard let changes = patch.members else { return patch }
        var merged = (members ?? []).filter { old in !changes.contains { $0.name == old.name } }
        for change in changes where change.value != .null {
            let old = self[change.name] ?? .null
            merged.append(.init(change.name, old.merged(with: change.value)))
        }
        return .object(merged)
    }
}
