package import Core

/// What a source says about a car, before the platform has placed it in the car's chain.
package struct Statement: Sendable, Hashable {
    /// What happened, in the form that its kind prescribes. An object.
    package let data: JSON
    package let kind: EventKind
    /// Origin of the log that the source speaks to, so that its word cannot be carried into another.
    package let log: String
    /// When it happened in the world, in whole milliseconds.
    package let occurredAt: Instant
    /// The source's own reference for it.
    package let ref: String
    /// Id of the organisation that speaks.
    package let source: String
    package let vin: String

    /// - Throws: `Failure.invalidRequest`, naming every member that the format does not allow.
    package init(
        data: JSON,
        kind: EventKind,
        log: String,
        occurredAt: Instant,
        ref: String,
        source: String,
        vin: String
    ) throws {
        self.data = data
        self.kind = kind
        self.log = log
        self.occurredAt = occurredAt.truncatedToMilliseconds
        self.ref = ref
        self.source = source
        self.vin = vin
        try validate()
    }

    /// What the source signs: the canonical form of exactly these seven members.
    package var signedBytes: [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.raw(#"{"data":"#)
        writer.writeCanonical(data)
        writer.raw(#","kind":"#)
        writer.string(kind.text)
        writer.raw(#","log":"#)
        writer.string(log)
        writer.raw(#","occurred_at":"#)
        writer.string(occurredAt.rfc3339)
        writer.raw(#","ref":"#)
        writer.string(ref)
        writer.raw(#","source":"#)
        writer.string(source)
        writer.raw(#","vin":"#)
        writer.string(vin)
        writer.raw("}")
        return writer.bytes
    }

    private func validate() throws {
        let faults = FaultCollector()
        for (pointer, text) in [("/log", log), ("/ref", ref), ("/source", source)] where !LedgerText.isValid(text) {
            faults.add(.visibleText(at: pointer))
        }
        if !LedgerVIN.isValid(vin) {
            faults.add(
                "/vin",
                "charset",
                zh: "车辆识别代号须为 17 位大写字母与数字，不含 I、O、Q",
                en: "A VIN is 17 upper-case letters and digits without I, O and Q"
            )
        }
        if !Instant.writable.contains(occurredAt) {
            faults.add(
                "/occurred_at",
                "out_of_range",
                zh: "年份须在 0000 与 9999 之间",
                en: "The year must be 0000 to 9999"
            )
        }
        if let fault = dataFault { faults.add(fault.moved(below: "data")) }
        try faults.throwIfAny()
    }

    private var dataFault: Fault? {
        guard data.members != nil else {
            return Fault("", "not_an_object", zh: "必须是 JSON 对象", en: "Must be a JSON object")
        }
        // The payload is one object around `data`, which therefore begins on the second level.
        return PayloadRules.firstFault(in: data, depth: 2)
    }
}

extension Instant {
    /// What a time with a four-digit year can say.
    static let writable =
        Instant(milliseconds: -62_167_219_200_000)...Instant(milliseconds: 253_402_300_799_999)
}

extension Fault {
    static func visibleText(at pointer: String) -> Fault {
        Fault(
            pointer,
            "visible_text",
            zh: "须为 1 至 128 个可见字符，首尾不能是空格，不能含控制字符",
            en: "Must be 1 to 128 visible characters, with no space at either end and no control characters"
        )
    }
}
