import Core

extension Finding {
    /// Nobody reports that a car still exists, so there is no `no` here.
    static func scrapped(_ timeline: Timeline) -> Finding {
        let records = timeline.holding.filter { $0.event.kind == .scrapped }
        guard let first = records.first else {
            return Finding(
                .scrapped,
                .notKnown,
                zh: "没有收到报废的记录；这不等于没有报废，以登记机关的登记为准。",
                en: "There is no record that the car was scrapped. The registration office's own record decides."
            )
        }
        return Finding(
            .scrapped,
            .yes,
            zh: "车辆已在\(first.date)报废；报废的车不能上路，也不能买卖。",
            en: "The car was scrapped on \(first.date). A scrapped car may be neither driven nor sold.",
            evidence: records.map { Evidence($0, .proves) }
        )
    }

    static func exported(_ timeline: Timeline) -> Finding {
        let records = timeline.holding.filter { $0.event.kind == .exportDone }
        guard let first = records.first else {
            return Finding(
                .exported,
                .notKnown,
                zh: "没有收到出口的记录；这不等于没有出口，以登记机关的登记为准。",
                en: "There is no record that the car was exported. The registration office's own record decides."
            )
        }
        return Finding(
            .exported,
            .yes,
            zh: "车辆已在\(first.date)办理出口，不应再在国内买卖。",
            en: "The car was exported on \(first.date) and should not be on sale in China any more.",
            evidence: records.map { Evidence($0, .proves) }
        )
    }
}
