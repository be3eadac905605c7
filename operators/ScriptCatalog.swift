import Pipelines

extension Catalog {
    /// What stands for scripts of the model zoo's bundles, each after the versions that were published.
    static let standIns: [ScriptStandIn] = [
        renalStructures("scripts.my_transforms.ConcatImages", ConcatImages.self),
        renalStructures("scripts.my_transforms.MergeClassesd", MergeClasses.self),
        ScriptStandIn(
            target: "scripts.transforms.OrientationGuidanceMultipleLabelDeepEditd",
            bundle: "Spleen DeepEdit annotation",
            file: "scripts/transforms.py",
            digests: [
                // 0.4.9 to 0.5.6.
                "e0fa2eb326596e1a96d8d68f4f672cd0709379cd6d278116e61f42e30a826e18",
                // The same with a variable's name in capitals.
                "dba453b1fc79e00f5e14d8ab16b5bae7af0f87d1db40639c9205f3cbf2bf3832",
            ],
            operator: OrientGuidance.self),
    ]

    private static func renalStructures(_ target: String, _ type: any Operator.Type) -> ScriptStandIn {
        ScriptStandIn(
            target: target,
            bundle: "Segmentation of renal structures based on contrast computed tomography scans",
            file: "scripts/my_transforms.py",
            digests: [
                // 0.2.1.
                "d780252d1a30adce08d1a94cb348c1792b4f42b12fc761f5be93b1b8278a2ead",
                // 0.1.0 and 0.2.0, which sets the merged labels once at the end.
                "49bb365b0e317b74901c9554310d6250f37886ee4823657ea0eb8535f8609c3f",
            ],
            operator: type)
    }
}
