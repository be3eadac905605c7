// Written by Tests/Scripts/make_component_table.py from MONAI 1.6.1.
extension ComponentTable {
    /// Modules below `monai.` with the classes and functions that each defines.
    static let names1 = """
        monai: DeprecatedTypesWarningFilter custom_warning_handler
        _extensions.loader: load_module timeout
        _version: get_versions
        apps.auto3dseg.auto_runner: AutoRunner
        apps.auto3dseg.bundle_gen: BundleAlgo BundleGen _copy_algos_folder _download_algos_url
        apps.auto3dseg.data_analyzer: DataAnalyzer strenum_representer
        apps.auto3dseg.ensemble_builder: AlgoEnsemble AlgoEnsembleBestByFold AlgoEnsembleBestN AlgoEnsembleBuilder
         EnsembleRunner
        apps.auto3dseg.hpo_gen: HPOGen NNIGen OptunaGen
        apps.auto3dseg.transforms: EnsureSameShaped
        apps.auto3dseg.utils: export_bundle_algo_history get_name_from_algo_id import_bundle_algo_history
        apps.datasets: CrossValidation DecathlonDataset MedNISTDataset TciaDataset
        apps.deepedit.interaction: Interaction
        apps.deepedit.transforms: AddGuidanceFromPointsDeepEditd AddGuidanceSignalDeepEditd AddInitialSeedPointDeepEditd
         AddInitialSeedPointMissingLabelsd AddRandomGuidanceDeepEditd DiscardAddGuidanced FindAllValidSlicesDeepEditd
         FindAllValidSlicesMissingLabelsd FindDiscrepancyRegionsDeepEditd NormalizeLabelsInDatasetd RemapLabelsToSequentiald
         ResizeGuidanceMultipleLabelDeepEditd SingleLabelSelectiond SplitPredsLabeld
        apps.deepgrow.dataset: _default_transforms _save_data_2d _save_data_3d create_dataset
        apps.deepgrow.transforms: AddGuidanceFromPointsd AddGuidanceSignald AddInitialSeedPointd AddRandomGuidanced
         Fetch2DSliced FindAllValidSlicesd FindDiscrepancyRegionsd ResizeGuidanced RestoreLabeld SpatialCropForegroundd
         SpatialCropGuidanced
        apps.detection.metrics.coco: COCOMetric _compute_stats_single_threshold
        apps.detection.metrics.matching: _matching_no_gt _matching_no_pred _matching_single_image_single_class
         matching_batch
        apps.detection.networks.retinanet_detector: RetinaNetDetector retinanet_resnet50_fpn_detector
        apps.detection.networks.retinanet_network: RetinaNet RetinaNetClassificationHead RetinaNetRegressionHead
         resnet_fpn_feature_extractor
        apps.detection.transforms.array: AffineBox BoxToMask ClipBoxToImage ConvertBoxMode ConvertBoxToStandardMode FlipBox
         MaskToBox ResizeBox RotateBox90 SpatialCropBox StandardizeEmptyBox ZoomBox
        apps.detection.transforms.box_ops: _apply_affine_to_points apply_affine_to_boxes convert_box_to_mask
         convert_mask_to_box flip_boxes resize_boxes rot90_boxes select_labels swapaxes_boxes zoom_boxes
        apps.detection.transforms.dictionary: AffineBoxToImageCoordinateD AffineBoxToImageCoordinateDict
         AffineBoxToImageCoordinated AffineBoxToWorldCoordinated BoxToMaskD BoxToMaskDict BoxToMaskd ClipBoxToImageD
         ClipBoxToImageDict ClipBoxToImaged ConvertBoxModeD ConvertBoxModeDict ConvertBoxModed ConvertBoxToStandardModeD
         ConvertBoxToStandardModeDict ConvertBoxToStandardModed FlipBoxD FlipBoxDict FlipBoxd MaskToBoxD MaskToBoxDict
         MaskToBoxd RandCropBoxByPosNegLabelD RandCropBoxByPosNegLabelDict RandCropBoxByPosNegLabeld RandFlipBoxD
         RandFlipBoxDict RandFlipBoxd RandRotateBox90D RandRotateBox90Dict RandRotateBox90d RandZoomBoxD RandZoomBoxDict
         RandZoomBoxd RotateBox90D RotateBox90Dict RotateBox90d StandardizeEmptyBoxD StandardizeEmptyBoxDict
         StandardizeEmptyBoxd ZoomBoxD ZoomBoxDict ZoomBoxd
        apps.detection.utils.ATSS_matcher: ATSSMatcher Matcher
        apps.detection.utils.anchor_utils: AnchorGenerator AnchorGeneratorWithAnchorShape
        apps.detection.utils.box_coder: BoxCoder encode_boxes
        apps.detection.utils.box_selector: BoxSelector
        apps.detection.utils.detector_utils: check_input_images check_training_targets pad_images preprocess_images
        apps.detection.utils.hard_negative_sampler: HardNegativeSampler HardNegativeSamplerBase
        apps.detection.utils.predict_utils: _network_sequence_output check_dict_values_same_length
         ensure_dict_value_to_list_ predict_with_inferer
        apps.generation.maisi.networks.autoencoderkl_maisi: AutoencoderKlMaisi MaisiConvolution MaisiDecoder MaisiDownsample
         MaisiEncoder MaisiGroupNorm3D MaisiResBlock MaisiUpsample _empty_cuda_cache
        apps.generation.maisi.networks.controlnet_maisi: ControlNetMaisi
        apps.generation.maisi.networks.diffusion_model_unet_maisi: DiffusionModelUNetMaisi
        apps.mmars.mmars: _get_all_ngc_models _get_ngc_doc_url _get_ngc_url _get_val download_mmar get_model_spec
         load_from_mmar
        apps.mmars.model_desc: RemoteMMARKeys
        apps.nnunet.nnunet_bundle: ModelnnUNetWrapper convert_monai_bundle_to_nnunet convert_nnunet_to_monai_bundle
         get_network_from_nnunet_plans get_nnunet_monai_predictor get_nnunet_trainer
        apps.nnunet.nnunetv2_runner: _confine_to_dir nnUNetV2Runner
        apps.nnunet.utils: NNUNETMode analyze_data create_new_data_copy create_new_dataset_json
        apps.nuclick.transforms: AddClickSignalsd AddLabelAsGuidanced AddPointGuidanceSignald ExtractPatchd FilterImaged
         FlattenLabeld NuclickKeys PostFilterLabeld SetLabelClassd SplitLabeld
        apps.pathology.engines.utils: PrepareBatchHoVerNet
        apps.pathology.handlers.utils: from_engine_hovernet
        apps.pathology.inferers.inferer: SlidingWindowHoVerNetInferer
        apps.pathology.losses.hovernet_loss: HoVerNetLoss
        apps.pathology.metrics.lesion_froc: LesionFROC tqdm
        apps.pathology.transforms.post.array: GenerateDistanceMap GenerateInstanceBorder GenerateInstanceCentroid
         GenerateInstanceContour GenerateInstanceType GenerateSuccinctContour GenerateWatershedMarkers GenerateWatershedMask
         HoVerNetInstanceMapPostProcessing HoVerNetNuclearTypePostProcessing Watershed
        apps.pathology.transforms.post.dictionary: GenerateDistanceMapD GenerateDistanceMapDict GenerateDistanceMapd
         GenerateInstanceBorderD GenerateInstanceBorderDict GenerateInstanceBorderd GenerateInstanceCentroidD
         GenerateInstanceCentroidDict GenerateInstanceCentroidd GenerateInstanceContourD GenerateInstanceContourDict
         GenerateInstanceContourd GenerateInstanceTypeD GenerateInstanceTypeDict GenerateInstanceTyped
         GenerateSuccinctContourD GenerateSuccinctContourDict GenerateSuccinctContourd GenerateWatershedMarkersD
         GenerateWatershedMarkersDict GenerateWatershedMarkersd GenerateWatershedMaskD GenerateWatershedMaskDict
         GenerateWatershedMaskd HoVerNetInstanceMapPostProcessingD HoVerNetInstanceMapPostProcessingDict
         HoVerNetInstanceMapPostProcessingd HoVerNetNuclearTypePostProcessingD HoVerNetNuclearTypePostProcessingDict
         HoVerNetNuclearTypePostProcessingd WatershedD WatershedDict Watershedd
        apps.pathology.transforms.stain.array: ExtractHEStains NormalizeHEStains
        apps.pathology.transforms.stain.dictionary: ExtractHEStainsD ExtractHEStainsDict ExtractHEStainsd NormalizeHEStainsD
         NormalizeHEStainsDict NormalizeHEStainsd
        apps.pathology.utils: PathologyProbNMS compute_isolated_tumor_cells compute_multi_instance_mask
        apps.reconstruction.complex_utils: complex_abs complex_abs_t complex_conj complex_conj_t complex_mul complex_mul_t
         convert_to_tensor_complex
        apps.reconstruction.fastmri_reader: FastMRIReader
        apps.reconstruction.mri_utils: root_sum_of_squares root_sum_of_squares_t
        apps.reconstruction.networks.blocks.varnetblock: VarNetBlock
        apps.reconstruction.networks.nets.coil_sensitivity_model: CoilSensitivityModel
        apps.reconstruction.networks.nets.complex_unet: ComplexUnet
        apps.reconstruction.networks.nets.utils: complex_normalize divisible_pad_t floor_ceil inverse_divisible_pad_t
         reshape_batch_channel_to_channel_dim reshape_channel_complex_to_last_dim reshape_channel_to_batch_dim
         reshape_complex_to_channel_dim sensitivity_map_expand sensitivity_map_reduce
        apps.reconstruction.networks.nets.varnet: VariationalNetworkModel
        apps.reconstruction.transforms.array: EquispacedKspaceMask KspaceMask RandomKspaceMask
        apps.reconstruction.transforms.dictionary: EquispacedKspaceMaskd ExtractDataKeyFromMetaKeyd RandomKspaceMaskd
         ReferenceBasedNormalizeIntensityd ReferenceBasedSpatialCropd
        apps.tcia.utils: download_tcia_series_instance get_tcia_metadata get_tcia_ref_uid match_tcia_ref_uid_in_study
        apps.utils: HashCheckError _basename _download_with_progress _extract_tar _extract_zip check_hash
         download_and_extract download_url extractall get_filename_from_url get_logger safe_extract_member
        apps.vista3d.inferer: _get_window_idx _get_window_idx_c _pad_previous_mask point_based_window_inferer
        apps.vista3d.sampler: _get_point_label sample_prompt_pairs
        apps.vista3d.transforms: Relabeld VistaPostTransformd VistaPreTransformd _convert_name_to_index
         _get_name_to_index_mapping
        auto3dseg.algo_gen: Algo AlgoGen
        auto3dseg.analyzer: Analyzer FgImageStats FgImageStatsSumm FilenameStats ImageHistogram ImageHistogramSumm
         ImageStats ImageStatsSumm LabelStats LabelStatsSumm
        auto3dseg.operations: Operations SampleOperations SummaryOperations
        auto3dseg.seg_summarizer: SegSummarizer
        auto3dseg.utils: _add_path_with_parent _load_legacy_pickle _make_json_serializable _prepare_cmd_bcprun
         _prepare_cmd_default _prepare_cmd_torchrun _reject_non_algo_target _require_pickle_allowed _run_cmd_bcprun
         _run_cmd_torchrun algo_from_json algo_from_pickle algo_to_json algo_to_pickle check_and_set_optional_args
         concat_multikeys_to_dict concat_val_to_np datafold_read get_foreground_image get_foreground_label get_label_ccp
         list_to_python_fire_arg_str verify_report_format
        bundle.config_item: ComponentLocator ConfigComponent ConfigExpression ConfigItem Instantiable
        bundle.config_parser: ConfigParser _ConfigProxy _wrap_parsed
        bundle.reference_resolver: ReferenceResolver
        bundle.scripts: _add_model_card_metadata _add_ngc_prefix _check_monai_version _download_from_bundle_info
         _download_from_github _download_from_monaihosting _download_from_ngc _download_from_ngc_private
         _examine_monai_version _export _get_all_bundles_info _get_all_download_files _get_fake_input_shape
         _get_fake_spatial_shape _get_git_release_url _get_latest_bundle_version _get_latest_bundle_version_ngc
         _get_monaihosting_bundle_url _get_net_io_info _get_ngc_bundle_url _get_ngc_private_base_url
         _get_ngc_private_bundle_url _get_ngc_token _get_var_names _list_latest_versions _log_input_summary _pop_args
         _process_bundle_dir _remove_ngc_prefix _safe_large_file_path _update_args ckpt_export create_workflow download
         download_large_files get_all_bundles_list get_bundle_info get_bundle_versions init_bundle load onnx_export
         push_to_hf_hub run run_workflow trt_export update_kwargs verify_metadata verify_net_in_out
        bundle.utils: load_bundle_config merge_kv
        bundle.workflows: BundleWorkflow ConfigWorkflow PythonicWorkflow _apply_logging_file _is_allowed_logging_class
         _reject_executable_logging_config _reject_non_literal_expression _reject_non_logging_class
        config.check_env: check_monai check_torch check_torch_cuda print_environment print_environment_vars print_platform
        config.deviceconfig: _dict_append fprint get_config_values get_gpu_info get_optional_config_values get_system_info
         print_config print_debug_info print_gpu_info print_system_info
        config.print_dependencies: parse_dependencies print_dependencies_argv
        data: _rebuild_meta reduce_meta_tensor
        data.box_utils: BoxMode CenterSizeMode CornerCornerModeTypeA CornerCornerModeTypeB CornerCornerModeTypeC
         CornerSizeMode StandardMode _box_inter_union batched_nms box_area box_centers box_giou box_iou box_pair_giou
         boxes_center_distance centers_in_boxes clip_boxes_to_image convert_box_mode convert_box_to_standard_mode
         get_boxmode get_spatial_dims is_valid_box_values non_max_suppression spatial_crop_boxes standardize_empty_box
        data.csv_saver: CSVSaver
        data.dataloader: DataLoader
        data.dataset: ArrayDataset CSVDataset CacheDataset CacheNTransDataset Dataset DatasetFunc GDSDataset LMDBDataset
         NPZDictItemDataset PersistentDataset SmartCacheDataset ZipDataset
        data.dataset_summary: DatasetSummary
        data.decathlon_datalist: _append_paths _compute_path check_missing_files create_cross_validation_datalist
         load_decathlon_datalist load_decathlon_properties
        data.fft_utils: fftn_centered ifftn_centered
        data.folder_layout: FolderLayout FolderLayoutBase default_name_formatter
        data.grid_dataset: GridPatchDataset PatchDataset PatchIter PatchIterd
        data.image_dataset: ImageDataset
        data.image_reader: ITKReader ImageReader NibabelReader NrrdImage NrrdReader NumpyReader NvImgCodecPydicomReader
         PILReader PydicomReader _copy_compatible_dict _stack_images get_preferred_dicom_reader_key is_dicom_path
        data.image_writer: ITKWriter ImageWriter NibabelWriter PILWriter init register_writer resolve_writer
        data.iterable_dataset: CSVIterableDataset IterableDataset ShuffleBuffer
        data.itk_torch_bridge: _assert_itk_regions_match_array _compute_direction_matrix _compute_offset_matrix
         _compute_reference_space_affine_matrix _compute_spacing_matrix get_itk_image_center itk_image_to_metatensor
         itk_to_monai_affine metatensor_to_itk_image monai_to_itk_affine monai_to_itk_ddf
        data.meta_obj: MetaObj get_track_meta set_track_meta
        data.meta_tensor: MetaTensor _has_explicit_no_channel _is_batch_only_index _normalize_spatial_ndim
         _not_requiring_metadata get_spatial_ndim
        data.nvimgcodec_pydicom_plugin: is_available is_nvimgcodec_available register_as_decoder_plugin
         unregister_as_decoder_plugin
        data.samplers: DistributedSampler DistributedWeightedRandomSampler
        data.synthetic: create_test_image_2d create_test_image_3d
        data.test_time_augmentation: TestTimeAugmentation _identity
        data.thread_buffer: ThreadBuffer ThreadDataLoader _ProcessQueue _ProcessThread _ProcessThreadContext buffer_iterator
        data.torchscript_utils: load_net_with_metadata save_net_with_metadata
        data.ultrasound_confidence_map: UltrasoundConfidenceMap
        data.utils: _non_zipping_check affine_to_spacing collate_meta_tensor collate_meta_tensor_fn compute_importance_map
         compute_shape_offset convert_tables_to_dicts correct_nifti_header_if_necessary create_file_basename decollate_batch
         dense_patch_slices dev_collate get_extra_metadata_keys get_random_patch get_valid_patch_size is_no_channel
         is_supported_format iter_patch iter_patch_position iter_patch_slices json_hashing list_data_collate no_collation
         orientation_ras_lps pad_list_data_collate partition_dataset partition_dataset_classes pickle_hashing
         rectify_header_sform_qform remove_extra_metadata remove_keys reorient_spatial_axes resample_datalist
         select_cross_validation_folds set_rnd sorted_dict to_affine_nd worker_init_fn zoom_affine
        data.wsi_datasets: MaskedPatchWSIDataset PatchWSIDataset SlidingPatchWSIDataset
        data.wsi_reader: BaseWSIReader CuCIMWSIReader OpenSlideWSIReader TiffFileWSIReader WSIReader
        engines.evaluator: EnsembleEvaluator Evaluator SupervisedEvaluator
        engines.trainer: AdversarialTrainer GanTrainer SupervisedTrainer Trainer
        engines.utils: DiffusionPrepareBatch IterationEvents PrepareBatch PrepareBatchDefault PrepareBatchExtraInput
         VPredictionPrepareBatch default_make_latent default_metric_cmp_fn default_prepare_batch engine_apply_transform
         get_devices_spec
        engines.workflow: Workflow
        fl.client.client_algo: BaseClient ClientAlgo ClientAlgoStats
        fl.client.monai_algo: MonaiAlgo MonaiAlgoStats _warn_provisioned_config_execution compute_weight_diff
         convert_global_weights disable_ckpt_loaders
        fl.utils.constants: ExtraItems FiltersType FlPhase FlStatistics ModelType WeightType
        fl.utils.exchange_object: ExchangeObject
        handlers.average_precision: AveragePrecision
        handlers.calibration: CalibrationError
        handlers.checkpoint_loader: CheckpointLoader
        handlers.checkpoint_saver: CheckpointSaver
        handlers.classification_saver: ClassificationSaver
        handlers.clearml_handlers: ClearMLHandler ClearMLImageHandler ClearMLStatsHandler
        handlers.confusion_matrix: ConfusionMatrix
        handlers.decollate_batch: DecollateBatch
        handlers.earlystop_handler: EarlyStopHandler
        handlers.garbage_collector: GarbageCollector
        handlers.hausdorff_distance: HausdorffDistance
        handlers.ignite_metric: IgniteMetricHandler
        handlers.logfile_handler: LogfileHandler
        handlers.lr_schedule_handler: LrScheduleHandler
        handlers.mean_dice: MeanDice
        handlers.mean_iou: MeanIoUHandler
        handlers.metric_logger: MetricLogger MetricLoggerKeys metriclogger
        handlers.metrics_reloaded_handler: MetricsReloadedBinaryHandler MetricsReloadedCategoricalHandler
        handlers.metrics_saver: MetricsSaver
        handlers.mlflow_handler: MLFlowHandler
        handlers.nvtx_handlers: MarkHandler RangeHandler RangePopHandler RangePushHandler
        handlers.panoptic_quality: PanopticQuality
        handlers.parameter_scheduler: ParamSchedulerHandler
        handlers.postprocessing: PostProcessing
        handlers.probability_maps: ProbMapProducer
        handlers.regression_metrics: MeanAbsoluteError MeanSquaredError PeakSignalToNoiseRatio RootMeanSquaredError
        handlers.roc_auc: ROCAUC
        handlers.smartcache_handler: SmartCacheHandler
        handlers.stats_handler: StatsHandler
        handlers.surface_distance: SurfaceDistance
        handlers.tensorboard_handlers: TensorBoardHandler TensorBoardImageHandler TensorBoardStatsHandler
        handlers.trt_handler: TrtHandler
        handlers.utils: from_engine ignore_data stopping_fn_from_loss stopping_fn_from_metric write_metrics_reports
        handlers.validation_handler: ValidationHandler
        inferers.inferer: ControlNetDiffusionInferer ControlNetLatentDiffusionInferer DiffusionInferer Inferer
         LatentDiffusionInferer PatchInferer SaliencyInferer SimpleInferer SliceInferer SlidingWindowInferer
         SlidingWindowInfererAdapt VQVAETransformerInferer
        inferers.merger: AvgMerger Merger ZarrAvgMerger iterate_over_chunks
        inferers.splitter: SlidingWindowSplitter Splitter WSISlidingWindowSplitter
        inferers.utils: _compute_coords _create_buffered_slices _flatten_struct _get_scan_interval _pack_struct
         sliding_window_inference
        losses.adversarial_loss: AdversarialCriterions PatchAdversarialLoss
        losses.aucm_loss: AUCMLoss
        losses.barlow_twins: BarlowTwinsLoss
        losses.boundary_loss: BoundaryLoss
        losses.cldice: SoftDiceclDiceLoss SoftclDiceLoss soft_dilate soft_erode soft_open soft_skel
        losses.contrastive: ContrastiveLoss
        losses.deform: BendingEnergyLoss DiffusionLoss spatial_gradient spatial_gradient_squared
        losses.dice: Dice DiceCELoss DiceFocalLoss DiceLoss GeneralizedDiceFocalLoss GeneralizedDiceLoss
         GeneralizedWassersteinDiceLoss MaskedDiceLoss dice_ce dice_focal generalized_dice generalized_dice_focal
         generalized_wasserstein_dice
        losses.ds_loss: DeepSupervisionLoss ds_loss
        losses.focal_loss: FocalLoss sigmoid_focal_loss softmax_focal_loss
        losses.giou_loss: BoxGIoULoss giou
        losses.hausdorff_loss: HausdorffDTLoss LogHausdorffDTLoss
        losses.image_dissimilarity: GlobalMutualInformationLoss LocalNormalizedCrossCorrelationLoss make_gaussian_kernel
         make_rectangular_kernel make_triangular_kernel
        losses.mcc_loss: MCCLoss
        losses.multi_scale: MultiScaleLoss make_cauchy_kernel
        losses.nacl_loss: NACLLoss
        losses.perceptual: MedicalNetPerceptualSimilarity PerceptualLoss PerceptualNetworkType
         RadImageNetPerceptualSimilarity TorchvisionModelPerceptualSimilarity medicalnet_intensity_normalisation
         normalize_tensor spatial_average spatial_average_3d subtract_mean torchvision_zscore_norm
        losses.spatial_mask: MaskedLoss
        losses.spectral_loss: JukeboxLoss
        losses.ssim_loss: SSIMLoss
        losses.sure_loss: SURELoss complex_diff_abs_loss sure_loss_function
        losses.tversky: TverskyLoss
        losses.unified_focal_loss: AsymmetricFocalLoss AsymmetricFocalTverskyLoss AsymmetricUnifiedFocalLoss
        losses.utils: compute_tp_fp_fn mask_loss_inputs
        metrics.absolute_volume_difference: AbsoluteVolumeDifferenceMetric compute_absolute_volume_difference
        metrics.active_learning_metrics: LabelQualityScore VarianceMetric compute_variance label_quality_score
        metrics.average_precision: AveragePrecisionMetric _calculate compute_average_precision
        metrics.calibration: CalibrationErrorMetric CalibrationReduction calibration_binning
        metrics.confusion_matrix: ConfusionMatrixMetric check_confusion_matrix_metric_name compute_confusion_matrix_metric
         get_confusion_matrix
        metrics.cumulative_average: CumulativeAverage
        metrics.embedding_collapse: EmbeddingCollapseMetric _centroid_similarity _domain_shift _effective_rank_score _hsic
         _per_class_rank _separation _validate_embeddings compute_embedding_collapse linear_probe_accuracy
        metrics.f_beta_score: FBetaScore compute_f_beta_score get_f_beta_score
        metrics.fid: FIDMetric _cov _sqrtm compute_frechet_distance get_fid_score
        metrics.froc: compute_fp_tp_probs compute_fp_tp_probs_nd compute_froc_curve_data compute_froc_score
        metrics.generalized_dice: GeneralizedDiceScore compute_generalized_dice
        metrics.hausdorff_distance: HausdorffDistanceMetric _compute_percentile_hausdorff_distance
         compute_hausdorff_distance
        metrics.loss_metric: LossMetric
        metrics.meandice: DiceHelper DiceMetric compute_dice
        metrics.meaniou: MeanIoU compute_iou
        metrics.metric: Cumulative CumulativeIterationMetric IterationMetric Metric
        metrics.mmd: MMDMetric compute_mmd
        metrics.panoptic_quality: PanopticQualityMetric _check_panoptic_metric_name _get_id_list _get_paired_iou
         _get_pairwise_iou compute_mean_iou compute_panoptic_quality
        metrics.regression: KernelType MAEMetric MAPEMetric MSEMetric MultiScaleSSIMMetric PSNRMetric RMSEMetric
         RegressionMetric SSIMMetric _gaussian_kernel compute_mape_metric compute_mean_error_metrics compute_ms_ssim
         compute_ssim_and_cs
        metrics.rocauc: ROCAUCMetric compute_roc_auc
        metrics.surface_dice: SurfaceDiceMetric compute_surface_dice
        metrics.surface_distance: SurfaceDistanceMetric compute_average_surface_distance
        metrics.utils: compute_voronoi_regions_fast create_ignore_mask create_table_neighbour_code_to_contour_length
         create_table_neighbour_code_to_surface_area do_metric_reduction get_code_to_measure_table get_edge_surface_distance
         get_mask_edges get_surface_distance ignore_background is_binary_tensor prepare_spacing remap_instance_id
        metrics.wrapper: MetricsReloadedBinary MetricsReloadedCategorical MetricsReloadedWrapper
        networks.blocks.acti_norm: ADN
        networks.blocks.activation: GEGLU MemoryEfficientSwish Mish Swish SwishImplementation monai_mish monai_swish
        networks.blocks.activation_checkpointing: ActivationCheckpointWrapper
        networks.blocks.aspp: SimpleASPP
        networks.blocks.attention_utils: add_decomposed_rel_pos get_rel_pos
        networks.blocks.backbone_fpn_utils: BackboneWithFPN _resnet_fpn_extractor
        networks.blocks.cablock: CABlock FeedForward
        networks.blocks.convolutions: Convolution ResidualUnit
        networks.blocks.crf: CRF _create_coordinate_tensor
        networks.blocks.crossattention: CrossAttentionBlock
        networks.blocks.denseblock: ConvDenseBlock DenseBlock
        networks.blocks.dints_block: ActiConvNormBlock FactorizedIncreaseBlock FactorizedReduceBlock P3DActiConvNormBlock
        networks.blocks.downsample: DownSample Downsample MaxAvgPool SubpixelDownSample SubpixelDownsample
         Subpixeldownsample
        networks.blocks.dynunet_block: UnetBasicBlock UnetOutBlock UnetResBlock UnetUpBlock get_conv_layer
         get_output_padding get_padding
        networks.blocks.encoder: BaseEncoder
        networks.blocks.fcn: FCN GCN MCFCN Refine
        networks.blocks.feature_pyramid_network: ExtraFPNBlock FeaturePyramidNetwork LastLevelMaxPool LastLevelP6P7
        networks.blocks.fft_utils_t: fftn_centered_t fftshift ifftn_centered_t ifftshift roll roll_1d
        networks.blocks.hyena: DepthwiseFFTConv2d DepthwiseFFTConv3d HyenaMixer HyenaTransformerBlock _DepthwiseFFTForward
         _validate_depthwise_fft_args is_nvsubquadratic_available
        networks.blocks.localnet_block: LocalNetDownSampleBlock LocalNetFeatureExtractorBlock LocalNetResidualBlock
         LocalNetUpSampleBlock ResidualBlock get_conv_block get_deconv_block
        networks.blocks.mednext_block: MedNeXtBlock MedNeXtDownBlock MedNeXtOutBlock MedNeXtUpBlock
        networks.blocks.mlp: MLPBlock
        networks.blocks.patchembedding: PatchEmbed PatchEmbeddingBlock
        networks.blocks.pos_embed_utils: _ntuple build_fourier_position_embedding build_sincos_position_embedding
        networks.blocks.regunet_block: RegistrationDownSampleBlock RegistrationExtractionBlock RegistrationResidualConvBlock
        networks.blocks.rel_pos_embedding: DecomposedRelativePosEmbedding
        networks.blocks.segresnet_block: ResBlock get_upsample_layer
        networks.blocks.selfattention: SABlock
        networks.blocks.spade_norm: SPADE
        networks.blocks.spatialattention: SpatialAttentionBlock
        networks.blocks.squeeze_and_excitation: ChannelSELayer ResidualSELayer SEBlock SEBottleneck SEResNeXtBottleneck
         SEResNetBottleneck
        networks.blocks.text_embedding: TextEncoder
        networks.blocks.transformerblock: TransformerBlock
        networks.blocks.unetr_block: UnetrBasicBlock UnetrPrUpBlock UnetrUpBlock
        networks.blocks.upsample: SubpixelUpSample SubpixelUpsample Subpixelupsample UpSample Upsample
        networks.blocks.warp: DVF2DDF Warp
        networks.layers.conjugate_gradient: ConjugateGradient _zdot _zdot_single
        networks.layers.convutils: _modified_bessel_0 _modified_bessel_1 _modified_bessel_i calculate_out_shape gaussian_1d
         polyval same_padding stride_minus_kernel_padding
        networks.layers.drop_path: DropPath
        networks.layers.factories: LayerFactory adaptive_avgpooling_factory adaptive_maxpooling_factory avgpooling_factory
         batch_factory constant_pad_factory conv_factory convtrans_factory decomposed_rel_pos_embedding dropout_factory
         geglu_factory instance_factory instance_nvfuser_factory maxpooling_factory memswish_factory mish_factory
         replication_pad_factory split_args swish_factory
        networks.layers.filtering: BilateralFilter PHLFilter TrainableBilateralFilter TrainableBilateralFilterFunction
         TrainableJointBilateralFilter TrainableJointBilateralFilterFunction
        networks.layers.gmm: GaussianMixtureModel _ApplyFunc
        networks.layers.simplelayers: ApplyFilter ChannelPad EllipticalFilter Flatten GaussianFilter HilbertTransform LLTM
         LLTMFunction LaplaceFilter MeanFilter MedianFilter Reshape SavitzkyGolayFilter SharpenFilter SkipConnection
         _separable_filtering_conv apply_filter get_binary_kernel median_filter separable_filtering
        networks.layers.spatial_transforms: AffineTransform _GridCount _GridGrad _GridPull _GridPush grid_count grid_grad
         grid_pull grid_push
        networks.layers.utils: get_act_layer get_dropout_layer get_norm_layer get_pool_layer get_rel_pos_embedding_layer
        networks.layers.vector_quantizer: EMAQuantizer VectorQuantizer
        networks.layers.weight_init: _no_grad_trunc_normal_ trunc_normal_
        networks.nets.ahnet: AHNet AHnet Ahnet Bottleneck3x3x1 Final PSP Projection Pseudo3DLayer UpTransition copy_bn_param
         copy_conv_param
        networks.nets.attentionunet: AttentionBlock AttentionLayer AttentionUnet ConvBlock UpConv
        networks.nets.autoencoder: AutoEncoder
        networks.nets.autoencoderkl: AEKLDownsample AEKLResBlock AsymmetricPad AutoencoderKL Decoder Encoder
        networks.nets.basic_unet: BasicUNet BasicUnet Basicunet Down TwoConv UpCat basicunet
        networks.nets.basic_unetplusplus: BasicUNetPlusPlus BasicUnetPlusPlus BasicunetPlusPlus basicunetplusplus
        networks.nets.cell_sam_wrapper: CellSamWrapper
        networks.nets.classifier: Classifier Critic Discriminator
        networks.nets.controlnet: ControlNet ControlNetConditioningEmbedding
        networks.nets.daf3d: AttentionModule DAF3D Daf3dASPP Daf3dBackbone Daf3dBackboneWithFPN Daf3dFPN Daf3dResNet
         Daf3dResNetBottleneck Daf3dResNetDilatedBottleneck
        networks.nets.densenet: DenseNet DenseNet121 DenseNet169 DenseNet201 DenseNet264 Densenet Densenet121 Densenet169
         Densenet201 Densenet264 _DenseBlock _DenseLayer _Transition densenet121 densenet169 densenet201 densenet264
        networks.nets.diffusion_model_unet: AttnDownBlock AttnMidBlock AttnUpBlock CrossAttnDownBlock CrossAttnMidBlock
         CrossAttnUpBlock DiffusionModelEncoder DiffusionModelUNet DiffusionUNetResnetBlock DiffusionUNetTransformerBlock
         DiffusionUnetDownsample DownBlock SpatialTransformer UpBlock WrappedUpsample get_down_block get_mid_block
         get_timestep_embedding get_up_block zero_module
        networks.nets.dints: Cell CellInterface DiNTS MixedOp StemInterface StemTS TopologyConstruction TopologyInstance
         TopologySearch _ActiConvNormBlockWithRAMCost _FactorizedIncreaseBlockWithRAMCost _FactorizedReduceBlockWithRAMCost
         _IdentityWithRAMCost _P3DActiConvNormBlockWithRAMCost _dfs
        networks.nets.dynunet: DynUNet DynUNetSkipLayer DynUnet Dynunet
        networks.nets.efficientnet: BlockArgs EfficientNet EfficientNetBN EfficientNetBNFeatures EfficientNetEncoder
        """
}
