import Core

extension Finding {
    /// The newest inspection that compared the two decides: a number that was stamped anew is registered anew, and a
    /// later look may find what an earlier one did not.
    static func vinMismatch(_ timeline: Timeline) -> Finding {
        let comparisons = timeline.holding.filter { item in
            [.inspectionStatutory, .inspectionPlatform].contains(item.event.kind)
                && item.facts.triState("vin_matches") != .notKnown
        }
        guard let newest = comparisons.last else {
            return Finding(
                .vinMismatch,
                .notKnown,
                zh: "没有人核对过车架号与登记是否一致；看车时请对照行驶证。",
                en: "Nobody has compared the VIN on the car with the registered one: "
                    + "hold it against the vehicle licence."
            )
        }
        let before = comparisons.dropLast().map { Evidence($0, .related) }
        let name = mentions([newest])
        guard newest.facts.triState("vin_matches") == .yes else {
            return Finding(
                .vinMismatch,
                .yes,
                zh: "\(name.zh)发现车架号与登记的不一致；登记机关核实之前，这辆车不能过户。",
                en: "The \(name.en) found that the VIN on the car is not the registered one. "
                    + "Until the registration office has settled that, the car cannot be transferred.",
                evidence: [Evidence(newest, .proves)] + before
            )
        }
        return Finding(
            .vinMismatch,
            .no,
            zh: "\(name.zh)核对过，车架号与登记的一致；这一天之后没有核对过。",
            en: "The \(name.en) found the VIN on the car to be the registered one; nobody has compared them since.",
            evidence: [Evidence(newest, .denies)] + before
        )
    }
}
