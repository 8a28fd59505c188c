import Core
import Web

/// The schemas of all kinds. A test holds that every kind has exactly one.
package enum EventRegistry {
    package static let schemas: [EventSchema] =
        EventSchema.registration + EventSchema.condition + EventSchema.incident + EventSchema.trade
        + EventSchema.onEntry

    private static let byName = Dictionary(schemas.map { ($0.kind.rawValue, $0) }) { first, _ in first }

    package static func schema(named name: String) -> EventSchema? {
        byName[name]
    }
}

extension EventSchema {
    /// The platform alone may stand in for a source that cannot write itself.
    init(
        _ kind: VehicleEventKind,
        _ zh: String,
        _ en: String,
        by reporters: Set<Role>,
        _ fields: [Field]
    ) {
        self.kind = kind
        title = LocalizedText(zh: zh, en: en)
        self.reporters = reporters.union([.admin])
        self.fields = fields
    }
}
