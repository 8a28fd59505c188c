package import Core

/// What a car is, as its registration states it. Of several statements the first that holds counts.
package struct VehicleIdentity: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        package let name: String
        package let label: LocalizedText
        /// As the event has it; `null` where nobody stated it.
        package let value: JSON
        /// `nil` where nobody stated it.
        package let words: LocalizedText?
    }

    package let lines: [Line]

    package init(_ timeline: Timeline) {
        let registrations = timeline.holding.filter { $0.event.kind == .vehicleRegistered }
        let changes = timeline.ownershipChanges
        func first(_ name: String, _ zh: String, _ en: String, _ words: (JSON) -> LocalizedText?) -> Line {
            let value = registrations.lazy.compactMap { $0.data?[name] }.first
            return Line(
                name: name,
                label: LocalizedText(zh: zh, en: en),
                value: value ?? .null,
                words: value.flatMap(words)
            )
        }
        let registered = registrations.first?.date
        let use = changes.last?.facts.use
        lines = [
            first("make", "品牌", "Make", text),
            first("series", "车系", "Series", text),
            first("model", "车型", "Model", text),
            first("model_year", "年款", "Model year") { $0.integerValue.map { same("\($0)") } },
            first("energy", "能源", "Energy") { choice("energy", $0) },
            first("emission_stage", "排放标准", "Emission stage") { choice("emission_stage", $0) },
            first("displacement_ml", "排量", "Displacement") { number($0, "毫升", "ml") },
            first("seats", "核定载客数", "Seats") { number($0, "人", "seats") },
            first("color", "颜色", "Colour", text),
            first("guide_price", "新车指导价", "Guide price when new") { json in
                json["amount"]?.integerValue.map { same(PlainNumbers.yuan(Money(fen: $0))) }
            },
            Line(
                name: "first_registered",
                label: LocalizedText(zh: "首次登记", en: "First registered"),
                value: .optional(registered) { JSON($0) },
                words: registered.map { same($0.description) }
            ),
            Line(
                name: "use",
                label: LocalizedText(zh: "用途", en: "Use"),
                value: .optional(use) { JSON($0.rawValue) },
                words: use.map { PlainWords.word("use", $0.rawValue) }
            ),
            Line(
                name: "plate_region",
                label: LocalizedText(zh: "号牌归属地", en: "Plate issued in"),
                value: .optional(VehicleIdentity.plateRegion(timeline), JSON.string),
                words: VehicleIdentity.plateRegion(timeline).map(same)
            ),
        ]
    }

    /// The last one stated, because plates change with owners and places.
    private static func plateRegion(_ timeline: Timeline) -> String? {
        timeline.holding.last { $0.facts.text("plate_region") != nil }?.facts.text("plate_region")
    }

    /// As the event has it; `nil` where nobody stated it, or stated that it is not known.
    package func stated(_ name: String) -> Line? {
        lines.first { $0.name == name && $0.words != nil }
    }

    /// "比亚迪 秦 2021 款"; `nil` where nobody stated make, series or model.
    package var title: String? {
        let parts = ["make", "series", "model"].compactMap { name in
            lines.first { $0.name == name }?.words?.zh
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// A member for each line, `null` where nobody stated it.
    package var json: JSON {
        .object(
            lines.map { line in
                let value: JSON = .optional(line.words) { words in
                    ["value": line.value, "zh": JSON(words.zh), "en": JSON(words.en)]
                }
                return JSON.Member(line.name, value)
            }
        )
    }
}

private func same(_ text: String) -> LocalizedText {
    LocalizedText(zh: text, en: text)
}

private func text(_ json: JSON) -> LocalizedText? {
    json.stringValue.map { same(withoutPersonalNumbers($0)) }
}

private func choice(_ field: String, _ json: JSON) -> LocalizedText? {
    json.stringValue.flatMap { $0 == TriState.notKnown.rawValue ? nil : PlainWords.word(field, $0) }
}

private func number(_ json: JSON, _ zh: String, _ en: String) -> LocalizedText? {
    json.integerValue.map {
        LocalizedText(zh: "\(PlainNumbers.grouped($0)) \(zh)", en: "\(PlainNumbers.grouped($0)) \(en)")
    }
}
