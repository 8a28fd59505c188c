import Core
import Web

// The words that the schemas are written in.

extension EventSchema.Field {
    static func required(_ name: String, _ type: FieldType, _ zh: String, _ en: String) -> Self {
        Self(name: name, type: type, isRequired: true, label: LocalizedText(zh: zh, en: en))
    }

    static func optional(_ name: String, _ type: FieldType, _ zh: String, _ en: String) -> Self {
        Self(name: name, type: type, isRequired: false, label: LocalizedText(zh: zh, en: en))
    }

    static let odometer = optional("odometer_km", .odometerKm, "里程表读数（公里）", "Odometer reading (km)")
    static let description = optional("description", .longText, "说明", "Description")
    static let structural = optional(
        "structural",
        .triState,
        "是否伤及车身结构",
        "Whether the body structure was damaged"
    )
    static let areas = optional(
        "areas",
        .list(.choice(["front", "rear", "left", "right", "roof", "underbody", "interior"]), maximumCount: 7),
        "受损部位",
        "Damaged areas"
    )
    static let vinMatches = optional(
        "vin_matches",
        .triState,
        "车架号是否与登记一致",
        "Whether the VIN on the car is the registered one"
    )
    static let region = optional("plate_region", .plateRegion, "号牌归属地", "Where the plate was issued")
    static let use = optional("use", .choices(of: VehicleUse.self), "使用性质", "Use")
}

extension FieldType {
    static let shortText = FieldType.text(maximumLength: EventLimits.shortTextCharacters)
    static let longText = FieldType.text(maximumLength: EventLimits.textCharacters)
    static let ownerKinds = FieldType.choice(["person", "company", "dealer", "not_known"])
    static let perils = FieldType.choice(["collision", "flood", "fire", "theft", "glass", "other", "not_known"])

    static func choices<Choice: CaseIterable & RawRepresentable<String>>(of type: Choice.Type) -> FieldType {
        .choice(Choice.allCases.map(\.rawValue))
    }
}
