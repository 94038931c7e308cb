/**
 * Public datasets that a reader of several fields knows by name. A name here is found without any cue beside it; the rules
 * of datasets.ts find the rest by what stands around a name.
 */

/** Names that mean nothing else; compared as written. */
export const WELL_KNOWN: ReadonlySet<string> = new Set(
  `AG News|AGIEval|AGI Eval|ANLI|BBH|BIG-bench|BookCorpus|BoolQ|C4|CIFAR-10|CIFAR-100|CNN/DailyMail|CoNLL-2003|CoQA|CommonCrawl|Common Crawl
Cityscapes|CommonsenseQA|DROP|Europarl|Fashion-MNIST|Flickr30k|GLUE|GSM8K|HellaSwag|Hellaswag|HotpotQA|HumanEval|Humaneval|IMDb|ImageNet|KITTI
LAION-5B|LAMBADA|LFW|LibriSpeech|MATH-500|MBPP|MIMIC-III|MIMIC-IV|MMLU|MNIST|MNLI|MS COCO|MS MARCO|MT-Bench|MT Bench|MovieLens|MultiNLI|NaturalQuestions
Natural Questions|OntoNotes|OpenWebText|OpenbookQA|OpenBookQA|PIQA|Pascal VOC|Penn Treebank|QNLI|QQP|QuAC|RACE|SIQA|SNLI|SQuAD|SST-2|STS-B|SuperGLUE|SVHN
TIMIT|TriviaQA|TREC-COVID|UCI Machine Learning Repository|WikiText-103|WikiText-2|WinoGrande|Winogrande|XNLI|XSum|ADNI|ChEMBL|DrugBank|GenBank|GTEx|gnomAD
HapMap|Human Connectome Project|NHANES|PDBbind|Protein Data Bank|SEER|TCGA|UK Biobank|UniProt|1000 Genomes|ERA5|WorldClim|GBIF|CMIP5|CMIP6|MERRA-2
MODIS|Landsat|Sentinel-2|SDSS|Gaia DR2|Gaia DR3|Planck 2018|Pantheon|Materials Project|PubChem|ZINC|QM9|MSCOCO|Chatbot Arena|newstest2013|newstest2014`
    .split(/[|\n]/)
    .map((name) => name.trim()),
);
