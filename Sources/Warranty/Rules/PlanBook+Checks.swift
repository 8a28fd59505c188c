import Core

/// What an edition must hold as a whole, beyond what each member of it must.
extension PlanBook {
    /// That nothing has the name of something else: told along with whatever else is wrong.
    func checkAllNames(_ root: BookObject) {
        checkNames(root)
        checkComponentNames(root)
        checkClauses(root)
    }

    /// Once every member is what it should be.
    func check(_ root: BookObject) {
        checkPackages(root)
        let objects = root.objects("plans")
        for (plan, object) in zip(plans, objects) {
            checkShape(of: plan, object)
            if plan.kind == .tier { checkFloor(of: plan, object) }
        }
        checkRanks(objects)
        if tiers.count(where: \.carriesFloor) != 1 {
            let zh = "须有且只有一个方案承载法定保障（carries_floor）"
            root.fault("plans", "no_carrier", zh: zh, en: "exactly one tier has to carry the floor (`carries_floor`)")
        }
    }

    // MARK: Names

    private func checkNames(_ root: BookObject) {
        let lists: [(name: String, ids: [String])] = [
            ("sources", sources.map(\.id)), ("plans", plans.map(\.id)), ("floors", floors.map(\.id)),
            ("packages", packages.map(\.id)), ("clauses", root.objects("clauses").map { $0.text("id") }),
        ]
        for list in lists {
            var seen: Set<String> = []
            for (index, id) in list.ids.enumerated() where !seen.insert(id).inserted {
                root.objects(list.name)[index].fault("id", "duplicate", zh: "\(id) 重复", en: "`\(id)` is there twice")
            }
        }
        for (plan, object) in zip(plans, root.objects("plans")) where plan.id.utf8.count > 40 {
            object.fault("id", "too_long", zh: "标识过长", en: "the id is too long")
        }
    }

    private func checkComponentNames(_ root: BookObject) {
        var owners: [String: Component] = [:]
        for component in tree.components {
            for name in Set(ComponentNames.names(of: component).map(ComponentNames.folded)) {
                guard let owner = owners.updateValue(component, forKey: name) else { continue }
                root.faults.add(
                    component.line,
                    component.id,
                    "ambiguous_name",
                    zh: "“\(name)”也是第 \(owner.line) 行 \(owner.id) 的名称",
                    en: "`\(name)` is also a name of \(owner.id) on line \(owner.line)"
                )
            }
        }
    }

    private func checkClauses(_ root: BookObject) {
        for id in PlanBook.neededClauses where clausesByID[id] == nil {
            root.fault("clauses", "missing_clause", zh: "缺少条款 \(id)", en: "clause `\(id)` is missing")
        }
    }

    private func checkPackages(_ root: BookObject) {
        let starts = packages.map(\.from)
        if !starts.contains(.zero) || Set(starts).count < starts.count {
            let zh = "服务包须从 0 起，且起点各不相同"
            root.fault("packages", "price_bands", zh: zh, en: "packages begin at 0, and each at another price")
        }
    }

    // MARK: Plans

    private func checkShape(of plan: WarrantyPlan, _ object: BookObject) {
        let isExtension = plan.kind == .extension
        if isExtension != (plan.insurerShare != nil) {
            let (zh, en) = ("延保须写明、质保不得写 insurer_share_bp", "an extension, and only that, has `insurer_share_bp`")
            object.fault("insurer_share_bp", "insurer_share", zh: zh, en: en)
        }
        if isExtension, plan.carriesFloor || plan.floor != nil {
            let (zh, en) = ("法定保障不能作为延保出售", "the legal floor cannot be sold as an extension")
            object.fault("floor", "floor_sold_as_extra", zh: zh, en: en)
        }
        let limits = plan.limitRates
        if limits.claim > limits.total || limits.component > limits.total {
            let (zh, en) = ("单次、单件限额不得高于累计限额", "a limit for one cannot exceed the limit for all")
            object.fault("limits", "limits", zh: zh, en: en)
        }
        if plan.deductibles.isEmpty || Set(plan.deductibles).count < plan.deductibles.count {
            object.fault("deductibles_fen", "deductibles", zh: "须列出互不相同的免赔额", en: "list deductibles, each once")
        }
    }

    /// A tier gives every car what the law grants it, or more. The layer of law stands beside the plan whatever that
    /// says; yet people would believe a plan whose own words give less.
    private func checkFloor(of plan: WarrantyPlan, _ object: BookObject) {
        if plan.floor == nil {
            object.fault("floor", "below_legal_floor", zh: "须写明如何对待法定保障", en: "say how it treats the legal floor")
        }
        if plan.carriesFloor, plan.waiting != nil || plan.deductibles != [.zero] {
            let (zh, en) = ("承载法定保障的方案不得有等待期和免赔额", "the carrier of the floor neither waits nor deducts")
            object.fault("carries_floor", "below_legal_floor", zh: zh, en: en)
        }
        for floor in floors where !plan.term.isAtLeast(floor.term) {
            let (zh, en) = (floor.term.words.zh, floor.term.words.en)
            object.fault("term", "below_legal_floor", zh: "短于法定的\(zh)", en: "shorter than the law's \(en)")
        }
        for floor in floors where floor.regions == nil {
            for component in tree.components where floor.scope.ruling(on: component, in: tree).cover == .covered {
                let cover = plan.ruling(on: component, in: tree).cover
                guard cover == .excluded || cover == .assess else { continue }
                object.fault(
                    "cover",
                    "below_legal_floor",
                    zh: "法定须保的\(component.name.zh)（\(component.id)）没有保",
                    en: "the law covers \(component.id), the plan does not"
                )
            }
        }
    }

    private func checkRanks(_ objects: [BookObject]) {
        let ranked = zip(plans, objects).filter { $0.0.kind == .tier }.sorted { $0.0.rank < $1.0.rank }
        for (lower, higher) in zip(ranked, ranked.dropFirst()) {
            if lower.0.rank == higher.0.rank {
                higher.1.fault("rank", "rank", zh: "rank 重复", en: "two tiers have this rank")
            } else if !higher.0.term.isAtLeast(lower.0.term) {
                let (zh, en) = ("高档次的保障期短于低档次", "a higher tier lasts less than a lower one")
                higher.1.fault("term", "rank", zh: zh, en: en)
            }
        }
    }
}
