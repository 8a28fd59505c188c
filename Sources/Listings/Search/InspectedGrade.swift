import Core
package import History

/// The condition of a car as the platform's own inspection graded it. What others say of it is no grade.
package enum InspectedGrade {
    /// Of the inspection that was made last, as its content holds now.
    package static func newest(_ timeline: Timeline) -> Int64? {
        timeline.holding.last { $0.event.kind == .inspectionPlatform && $0.data?["grade"] != nil }?
            .data?["grade"]?.integerValue
    }
}
